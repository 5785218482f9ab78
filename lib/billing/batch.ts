import { isFinal } from "@/db/failure";

const MOST_ITEMS = 128;

/**
 * Puts calls that arrive together into one statement. A lone caller is sent off at the end of his tick; whoever comes
 * while a statement is under way waits for it and goes with the next, so load makes batches and idleness makes none.
 *
 * `send` answers for each item, in order. When it fails for what is in it, the items are sent again in halves, down to the one that is
 * at fault: nobody's request fails for his neighbour's.
 */
export function batched<Item, Answer>(send: (items: Item[]) => Promise<Answer[]>): (item: Item) => Promise<Answer> {
  type Waiting = { item: Item; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
  let waiting: Waiting[] = [];
  let flying = false;

  async function flush() {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_ITEMS);
      waiting = waiting.slice(MOST_ITEMS);
      await deliver(batch);
    }
    flying = false;
  }

  async function deliver(batch: Waiting[]): Promise<void> {
    try {
      const answers = await send(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, index) => {
        if (index < answers.length) resolve(answers[index] as Answer);
        else reject(new Error("a statement did not answer for every item"));
      });
    } catch (error) {
      // A database that is away is away for each of them: asking in halves would only take longer.
      if (batch.length === 1 || !isFinal(error)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      const half = batch.length >> 1;
      await deliver(batch.slice(0, half));
      await deliver(batch.slice(half));
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (flying) return;
      flying = true;
      setImmediate(flush);
    });
}
