/** A block of an answer, as it begins or as a whole; another dialect's upstream has no others. */
export type AnswerBlock =
  | { type: "text"; text: string; citations: null }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "redacted_thinking"; data: string }
  | { type: "tool_use"; id: string; name: string; input: unknown }
  | { type: "image"; source: { type: "base64"; media_type: string; data: string } | { type: "url"; url: string } };

export type BlockDelta =
  | { type: "text_delta"; text: string }
  | { type: "thinking_delta"; thinking: string }
  | { type: "signature_delta"; signature: string }
  | { type: "input_json_delta"; partial_json: string };

export type BlockEvent =
  | { type: "content_block_start"; index: number; content_block: AnswerBlock }
  | { type: "content_block_delta"; index: number; delta: BlockDelta }
  | { type: "content_block_stop"; index: number };

/** The blocks that the events tell of, whole. */
export function toBlocks(events: readonly BlockEvent[]): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  const input = new Map<AnswerBlock, string>();
  for (const event of events) {
    if (event.type === "content_block_start") blocks.push({ ...event.content_block });
    const block = blocks[event.index];
    if (!block) continue;
    if (event.type === "content_block_delta") addDelta(block, event.delta, input);
    if (event.type === "content_block_stop" && block.type === "tool_use") block.input = readInput(input.get(block));
  }
  return blocks;
}

function addDelta(block: AnswerBlock, delta: BlockDelta, input: Map<AnswerBlock, string>): void {
  if (block.type === "text" && delta.type === "text_delta") block.text += delta.text;
  if (block.type === "thinking" && delta.type === "thinking_delta") block.thinking += delta.thinking;
  if (block.type === "thinking" && delta.type === "signature_delta") block.signature = delta.signature;
  if (delta.type === "input_json_delta") input.set(block, (input.get(block) ?? "") + delta.partial_json);
}

/** What a model wrote wrongly is kept under one name, as where it goes back to a model. */
function readInput(json = ""): unknown {
  try {
    return JSON.parse(json || "{}");
  } catch {
    return { invalid_json: json };
  }
}
