import { isDeepStrictEqual } from "node:util";
import type { ProviderCall } from "../adapter";
import { callOf } from "./calls";

export const look = { name: "look", description: "Looks", parameters: { type: "object", properties: {} } };

/** One example of every field that a request may have beside `model` and `messages`. */
export const examples = {
  models: ["a/b"],
  provider: { order: ["openai"], allow_fallbacks: false, data_collection: "deny", zdr: true, max_price: { prompt: 1 } },
  route: "fallback",
  preset: "p",
  plugins: [{ id: "response-healing" }],
  transforms: ["middle-out"],
  stream: true,
  stream_options: { include_usage: false },
  usage: { include: true },
  max_tokens: 50,
  max_completion_tokens: 60,
  temperature: 0.5,
  top_p: 0.9,
  top_k: 5,
  min_p: 0.1,
  top_a: 0.2,
  frequency_penalty: 0.3,
  presence_penalty: 0.4,
  repetition_penalty: 1.1,
  logit_bias: { "50256": -100 },
  logprobs: true,
  top_logprobs: 3,
  n: 2,
  seed: 7,
  stop: "END",
  tools: [{ type: "function", function: look }],
  tool_choice: "required",
  parallel_tool_calls: false,
  max_tool_calls: 3,
  stop_server_tools_when: [{ type: "step_count_is", step_count: 3 }],
  response_format: { type: "json_object" },
  structured_outputs: true,
  reasoning: { effort: "high" },
  reasoning_effort: "low",
  include_reasoning: true,
  verbosity: "low",
  modalities: ["text", "image"],
  audio: { voice: "alloy", format: "wav" },
  image_config: { aspect_ratio: "16:9" },
  prediction: { type: "content", content: "x" },
  cache_control: { type: "ephemeral", ttl: "1h" },
  prompt_cache_key: "k",
  prompt_cache_options: { mode: "explicit" },
  web_search_options: { search_context_size: "low" },
  x_search_filter: { from_date: "2026-01-01" },
  service_tier: "priority",
  user: "alice@example.org",
  session_id: "s",
  metadata: { a: "b" },
  trace: { trace_id: "t" },
  debug: { echo_upstream_body: true },
  unheard_of: 1,
};

/** What becomes of each: the fields of the upstream's JSON that are others than without it. */
export type Becomes = Record<keyof typeof examples, Record<string, unknown>>;

type Json = Record<string, unknown>;

/** Makes the JSON that goes upstream. */
export type Wire = (call: ProviderCall) => object | Promise<object>;

/** In which fields a request's JSON is another than that of one that says nothing but hello. */
export async function differenceFromHello(wire: Wire, body: Json, model: string): Promise<Json> {
  const hello = { ...(await wire(callOf({}, model))) } as Json;
  const sent = { ...(await wire(callOf(body, model))) } as Json;
  const names = [...new Set([...Object.keys(hello), ...Object.keys(sent)])];
  return Object.fromEntries(
    names.filter((name) => !isDeepStrictEqual(hello[name], sent[name])).map((name) => [name, sent[name]]),
  );
}
