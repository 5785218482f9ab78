import type { Act } from "./acts";
import { data, reasoningOf, USAGE, type WireFormat } from "./wire-format";

/** With thoughts, as servers of open models write them. */
export const openai: WireFormat = {
  matches: (path, body) => (path === "/v1/chat/completions" ? { stream: body.stream === true } : undefined),
  thinks: ({ reasoning_effort: effort }) => effort !== undefined && effort !== "none",
  hasTools: ({ tools }) => tools?.length > 0,
  whole: (act) => {
    const message = { role: "assistant", content: act.text ?? null, ...thought(act), ...(act.call && calls(act)) };
    const choices = [{ index: 0, message, finish_reason: finishReason(act) }];
    return { ...HEAD, object: "chat.completion", choices, usage: usage(act) };
  },
  events: (act) => [
    ...(act.thought ? [delta({ role: "assistant", ...thought(act) })] : []),
    ...(act.text ? [delta({ content: act.text })] : []),
    ...(act.call ? [delta(calls(act))] : []),
  ],
  finish: (act) => [delta({}, finishReason(act)), chunk([], { usage: usage(act) }), "data: [DONE]\n\n"],
  refusal: (_, message) => ({ error: { message, type: "invalid_request_error", code: null } }),
  error: () => data({ error: { message: "The server had an error", type: "server_error", code: null } }),
};

const HEAD = { id: "up", created: 1, model: "up" };

const usage = (act: Act) => ({
  prompt_tokens: USAGE.prompt,
  completion_tokens: USAGE.completion,
  total_tokens: USAGE.prompt + USAGE.completion,
  completion_tokens_details: { reasoning_tokens: reasoningOf(act) },
});

const finishReason = ({ call }: Act) => (call ? "tool_calls" : "stop");

const thought = ({ thought: text }: Act) => (text ? { reasoning_content: text } : {});

const calls = ({ call }: Act) => ({
  tool_calls: [
    {
      index: 0,
      id: "call_1",
      type: "function",
      function: { name: call?.name, arguments: JSON.stringify(call?.arguments) },
    },
  ],
});

const delta = (delta: object, finish_reason: string | null = null) => chunk([{ index: 0, delta, finish_reason }]);

const chunk = (choices: object[], rest: object = {}) =>
  data({ ...HEAD, object: "chat.completion.chunk", choices, ...rest });
