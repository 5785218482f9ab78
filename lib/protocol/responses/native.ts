import type { Native } from "../chat-request";
import type { ResponsesBody } from "./body";

/** What goes upstream as it came. What is not here is OpenRouter's, or is set anew for each endpoint, or costs extra. */
const FIELDS = [
  ...["input", "instructions", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning", "include"],
  ...["truncation", "prompt_cache_key"],
];

/** Of what may be included, what a model says; the rest are results of tools that a provider runs. */
const INCLUDED = new Set(["reasoning.encrypted_content", "message.output_text.logprobs"]);

/** A request in OpenAI's words, for an upstream that speaks them. */
export function toNative(body: ResponsesBody, unspoken: string[]): Native {
  const kept = Object.fromEntries(FIELDS.flatMap((name) => (body[name] == null ? [] : [[name, body[name]]])));
  const { max_tokens: _tokens, enabled: _enabled, exclude, ...reasoning } = body.reasoning ?? {};
  if (body.reasoning) kept.reasoning = exclude ? { ...reasoning, summary: null } : reasoning;
  // Without tools, OpenAI refuses whatever is said about them.
  if (!body.tools?.length) for (const name of ["tools", "tool_choice", "parallel_tool_calls"]) delete kept[name];
  kept.include = (body.include ?? []).filter((name) => INCLUDED.has(name));
  return { dialect: "openai-responses", body: withoutFileIds(kept), headers: {}, unspoken };
}

/** An id would name a file of the operator's. */
function withoutFileIds<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutFileIds) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name, one]) => name !== "file_id" || typeof one !== "string");
  return Object.fromEntries(entries.map(([name, one]) => [name, withoutFileIds(one)])) as Value;
}
