import type { Ending, Stamp } from "../answer";
import type { ChatChunk } from "../chat-chunk";
import type { Door } from "../door";
import { type BlockEvent, toBlocks } from "./answer-block";
import { blockWriter } from "./block-writer";
import { toMessagesError } from "./error-body";
import { emptyMessage, messageEvents } from "./events";
import { toChatRequest } from "./request";
import { toStop } from "./stop-reason";
import { toCost, toCounts } from "./usage";

/** Anthropic's Messages, with OpenRouter's fields. */
export const messages: Door = {
  read: (body, header) => ({ request: toChatRequest(body, header), fold, writer: messageEvents }),
  errorBody: toMessagesError,
};

/** An upstream's own message passes as it is, but for who answers under which id, and what it cost. */
async function fold(chunks: AsyncIterable<ChatChunk>, { id, model, provider }: Stamp) {
  const blocks = blockWriter();
  const events: BlockEvent[] = [];
  let own: Record<string, unknown> | undefined;
  for await (const { native, choices } of chunks) {
    if (native) own = native;
    else events.push(...blocks.add(choices));
  }
  events.push(...blocks.close());
  return (ending: Ending) => {
    const { bill, metadata } = ending;
    const counts = own ? (own.usage as object) : toCounts(bill.usage);
    const translated = { ...emptyMessage, content: toBlocks(events), ...toStop(ending, blocks.hasCalls()) };
    return {
      ...(own ?? translated),
      ...{ id, model, provider },
      usage: { ...counts, ...toCost(bill) },
      ...(metadata && { openrouter_metadata: metadata }),
    };
  };
}
