import type { ResponseReasoningItem } from "openai/resources/responses/responses";
import type { ReasoningDetail } from "@/lib/protocol/chat-chunk";

export const RESPONSES = "openai-responses-v1";

/** Without an id where the caller's client lost it: the encrypted content is enough. */
type Item = Omit<ResponseReasoningItem, "id"> & { id?: string };

/**
 * The reasoning that a caller brings back from an earlier turn, put together to the items that it was, in its order.
 * Nothing is stored at OpenAI, so an item that does not carry its own content would be looked for there in vain.
 */
export function toReasoningItems(details: readonly { type: string }[] | null | undefined): ResponseReasoningItem[] {
  const items: Item[] = [];
  let before: ReasoningDetail | undefined;
  for (const detail of (details ?? []) as readonly ReasoningDetail[]) {
    if (detail.format !== RESPONSES) continue;
    const last = items.at(-1);
    const goesOn = last !== undefined && belongsTo(last, detail);
    const item: Item = goesOn ? last : { type: "reasoning", ...(detail.id && { id: detail.id }), summary: [] };
    if (!goesOn) items.push(item);
    add(item, detail, goesOn && before?.type === detail.type && before.index === detail.index);
    before = detail;
  }
  return items.filter(({ encrypted_content, content }) => encrypted_content || content) as ResponseReasoningItem[];
}

/** The id tells; without one, encrypted content is the end of an item. */
function belongsTo(item: Item, { id }: ReasoningDetail): boolean {
  return id && item.id ? id === item.id : !item.encrypted_content;
}

/** @param samePart the detail is a further piece of the part before it, as clients that do not join streams send it */
function add(item: Item, detail: ReasoningDetail, samePart: boolean): void {
  if (detail.id) item.id = detail.id;
  if (detail.type === "reasoning.encrypted") {
    item.encrypted_content = detail.data;
  } else if (detail.type === "reasoning.summary") {
    const part = samePart ? item.summary.at(-1) : undefined;
    if (part) part.text += detail.summary;
    else item.summary.push({ type: "summary_text", text: detail.summary });
  } else if (detail.text) {
    item.content ??= [];
    const part = samePart ? item.content.at(-1) : undefined;
    if (part) part.text += detail.text;
    else item.content.push({ type: "reasoning_text", text: detail.text });
  }
}
