import type { Act } from "./acts";
import { data, reasoningOf, USAGE, type WireFormat } from "./wire-format";

export const anthropic: WireFormat = {
  matches: (path, body) => (path === "/v1/messages" ? { stream: body.stream === true } : undefined),
  thinks: ({ thinking }) => thinking?.type === "enabled" || thinking?.type === "adaptive",
  hasTools: ({ tools }) => tools?.length > 0,
  whole: (act) => ({
    ...{ id: "msg_up", type: "message", role: "assistant", model: "up", content: blocks(act) },
    ...{ stop_reason: stopReason(act), stop_sequence: null, usage: usage(act) },
  }),
  events: (act) => [
    event("message_start", { message: { id: "msg_up", role: "assistant", content: [], usage: START } }),
    ...blocks(act).flatMap(blockEvents),
  ],
  finish: (act) => [
    event("message_delta", { delta: { stop_reason: stopReason(act) }, usage: usage(act) }),
    event("message_stop"),
  ],
  refusal: (status, message) => ({
    type: "error",
    error: { type: status === 429 ? "rate_limit_error" : "invalid_request_error", message },
  }),
  error: () => event("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
};

const START = { input_tokens: USAGE.prompt, output_tokens: 1 };

const usage = (act: Act) => ({
  input_tokens: USAGE.prompt,
  output_tokens: USAGE.completion,
  output_tokens_details: { thinking_tokens: reasoningOf(act) },
});

const stopReason = ({ call }: Act) => (call ? "tool_use" : "end_turn");

type Block =
  | { type: "thinking"; thinking: string; signature?: string }
  | { type: "text"; text: string }
  | { type: "tool_use"; id: string; name: string; input: object };

function blocks({ thought, signature, text, call }: Act): Block[] {
  const all: Block[] = [];
  if (thought) all.push({ type: "thinking", thinking: thought, signature });
  if (text) all.push({ type: "text", text });
  if (call) all.push({ type: "tool_use", id: "toolu_1", name: call.name, input: call.arguments });
  return all;
}

const blockEvents = (block: Block, index: number) => [
  event("content_block_start", { index, content_block: emptied(block) }),
  ...pieces(block).map((delta) => event("content_block_delta", { index, delta })),
  event("content_block_stop", { index }),
];

function emptied(block: Block): Block {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  return block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} };
}

/** The signature of a thought comes by itself, after it. */
function pieces(block: Block): object[] {
  if (block.type === "text") return [{ type: "text_delta", text: block.text }];
  if (block.type === "thinking") {
    const { thinking, signature } = block;
    return [
      { type: "thinking_delta", thinking },
      { type: "signature_delta", signature },
    ];
  }
  const json = JSON.stringify(block.input);
  return [json.slice(0, 5), json.slice(5)].map((partial_json) => ({ type: "input_json_delta", partial_json }));
}

const event = (type: string, rest: object = {}) => `event: ${type}\n${data({ type, ...rest })}`;
