import { type ChatRequest, NATIVE, parseChatRequest } from "../chat-request";
import { type ResponsesBody, readResponsesBody } from "./body";
import { toMessages } from "./conversation";
import { toNative } from "./native";
import { type Called, toTools } from "./tools";

export type ResponsesRequest = {
  request: ChatRequest;
  body: ResponsesBody;
  called: Called;
};

/**
 * A request of OpenAI's Responses API in the language inside.
 *
 * @throws AppError `invalid_request`
 */
export function toChatRequest(json: unknown): ResponsesRequest {
  const body = readResponsesBody(json);
  const unspoken = new Set<string>();
  const note = (what: string) => void unspoken.add(what);
  const { served, called, functions, choice } = toTools(body, note);
  const { model, models, route, provider, plugins, preset, trace, stream, temperature, top_p, top_k } = body;
  const { frequency_penalty, presence_penalty, user, session_id, prompt_cache_key, metadata, service_tier } = body;
  const messages = toMessages(body, called, note);
  const request = parseChatRequest({
    ...{ model, models, route, provider, plugins, preset, trace, stream, temperature, top_p, top_k },
    ...{ frequency_penalty, presence_penalty, user, session_id, prompt_cache_key, metadata, service_tier },
    messages,
    max_completion_tokens: body.max_output_tokens,
    ...(functions.length > 0 && {
      tools: functions,
      tool_choice: choice,
      parallel_tool_calls: body.parallel_tool_calls ?? undefined,
    }),
    reasoning: body.reasoning ?? undefined,
    ...toText(body),
    ...toLogprobs(body),
  });
  const heard = { ...body, tools: served };
  return { request: { ...request, [NATIVE]: toNative(heard, [...unspoken]) }, body: heard, called };
}

function toText({ text }: ResponsesBody) {
  const { format, verbosity } = text ?? {};
  const { type, ...json_schema } = format ?? {};
  return {
    verbosity: verbosity ?? undefined,
    ...(type === "json_object" && { response_format: { type } }),
    ...(type === "json_schema" && { response_format: { type, json_schema } }),
  };
}

function toLogprobs({ include, top_logprobs }: ResponsesBody) {
  const wanted = top_logprobs != null || include?.includes("message.output_text.logprobs");
  return wanted ? { logprobs: true, top_logprobs: top_logprobs ?? undefined } : {};
}
