import type { ChatChoice, ChatDelta, ReasoningDetail, ToolCallDelta } from "../chat-chunk";
import { isClaudes, sign } from "../foreign-thoughts";
import type { AnswerBlock, BlockDelta, BlockEvent } from "./answer-block";

type Piece =
  | { of: "text"; text: string }
  | { of: "thought"; detail: ReasoningDetail }
  | { of: "call"; call: ToolCallDelta }
  | { of: "image"; url: string };

/** `key` says what goes on in the block, and what begins another. */
type Open = { key: string; input?: string; signature?: string; thought?: ReasoningDetail };

/**
 * Makes content blocks of what an upstream says. Anthropic's come one after the other, so what belongs to another than
 * the open one closes that; only of a call that is not whole yet, more may come, and then the other has to wait.
 */
export function blockWriter() {
  let events: BlockEvent[] = [];
  let index = -1;
  let open: Open | undefined;
  let waiting: Piece[] = [];
  let calls = 0;

  const start = (begun: Open, content_block: AnswerBlock) => {
    stop();
    open = begun;
    events.push({ type: "content_block_start", index: ++index, content_block });
    return begun;
  };
  const say = (delta: BlockDelta) => events.push({ type: "content_block_delta", index, delta });
  const stop = () => {
    if (!open) return;
    const signature = open.signature ?? (open.thought && sign(open.thought));
    if (signature) say({ type: "signature_delta", signature });
    if (open.input === "") say({ type: "input_json_delta", partial_json: "{}" });
    events.push({ type: "content_block_stop", index });
    open = undefined;
  };

  const place = (piece: Piece) => {
    switch (piece.of) {
      case "text":
        if (open?.key !== "text") start({ key: "text" }, { type: "text", text: "", citations: null });
        return say({ type: "text_delta", text: piece.text });
      case "thought":
        return placeThought(piece.detail);
      case "call":
        return placeCall(piece.call);
      case "image":
        start({ key: "image" }, { type: "image", source: toSource(piece.url) });
        return stop();
    }
  };
  const placeThought = (detail: ReasoningDetail) => {
    if (detail.type === "reasoning.encrypted") {
      const data = isClaudes(detail) ? detail.data : sign(detail);
      start({ key: "redacted" }, { type: "redacted_thinking", data });
      return stop();
    }
    const { type, index: at, id, format } = detail;
    const key = `thought ${type} ${at} ${id} ${format}`;
    const its = open?.key === key && !open.signature ? open : undefined;
    const block = its ?? start({ key }, { type: "thinking", thinking: "", signature: "" });
    const text = detail.type === "reasoning.text" ? detail.text : detail.summary;
    if (text) say({ type: "thinking_delta", thinking: text });
    if (detail.type === "reasoning.text" && detail.signature && isClaudes(detail)) block.signature = detail.signature;
    else block.thought = { ...block.thought, ...withoutText(detail) };
  };
  const placeCall = ({ index: at, id, function: { name, arguments: text } }: ToolCallDelta) => {
    const key = `call ${at}`;
    const begun = open?.key === key ? open : undefined;
    // What comes for a call that was whole is nothing, or the upstream's mistake.
    if (!begun && !id && !name) return;
    if (!begun) calls++;
    const block =
      begun ?? start({ key, input: "" }, { type: "tool_use", id: id ?? `toolu_${at}`, name: name ?? "", input: {} });
    if (!text) return;
    block.input += text;
    say({ type: "input_json_delta", partial_json: text });
  };

  const add = (piece: Piece) => {
    const isIts = piece.of === "call" && open?.key === `call ${piece.call.index}`;
    if (!isIts && (waiting.length || (open?.input !== undefined && !isWhole(open.input)))) waiting.push(piece);
    else place(piece);
  };
  const taken = () => {
    const all = events;
    events = [];
    return all;
  };

  return {
    add(choices: readonly ChatChoice[]): BlockEvent[] {
      for (const { delta } of choices) for (const piece of piecesOf(delta)) add(piece);
      return taken();
    },
    /** Ends what is open; what had to wait comes now, each call in one. */
    close(): BlockEvent[] {
      for (const piece of inBlocks(waiting)) place(piece);
      waiting = [];
      stop();
      return taken();
    },
    hasCalls: () => calls > 0,
  };
}

function* piecesOf(delta: ChatDelta): Generator<Piece> {
  if (delta.reasoning_details?.length) for (const detail of delta.reasoning_details) yield { of: "thought", detail };
  else if (delta.reasoning) yield { of: "thought", detail: { type: "reasoning.text", text: delta.reasoning } };
  if (delta.content) yield { of: "text", text: delta.content };
  if (delta.refusal) yield { of: "text", text: delta.refusal };
  for (const { image_url } of delta.images ?? []) yield { of: "image", url: image_url.url };
  for (const call of delta.tool_calls ?? []) yield { of: "call", call };
}

const isWhole = (json: string): boolean => {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
};

/** The pieces of one call together, at the place of its first. */
function inBlocks(pieces: readonly Piece[]): Piece[] {
  const placed = new Map<unknown, Piece[]>();
  for (const piece of pieces) {
    const key = piece.of === "call" ? piece.call.index : piece;
    placed.set(key, [...(placed.get(key) ?? []), piece]);
  }
  return [...placed.values()].flat();
}

function withoutText(detail: Exclude<ReasoningDetail, { type: "reasoning.encrypted" }>): ReasoningDetail {
  if (detail.type === "reasoning.summary") return { ...detail, summary: "" };
  const { text: _text, ...rest } = detail;
  return rest;
}

function toSource(url: string): Extract<AnswerBlock, { type: "image" }>["source"] {
  const found = /^data:([^;,]+);base64,(.*)$/s.exec(url);
  return found ? { type: "base64", media_type: found[1] ?? "", data: found[2] ?? "" } : { type: "url", url };
}
