// @ts-check

/**
 * Answers the parent's calls over the channel of a forked process, and ends when the parent is gone, so that nothing
 * is left behind even when the parent was killed.
 * @param {Record<string, (...values: any[]) => unknown>} methods
 */
export function serveParent(methods) {
  process.on("disconnect", () => process.exit(0));
  process.on("message", async (/** @type {{ id: number, method: string, values: unknown[] }} */ message) => {
    try {
      reply(message.id, { result: await methods[message.method]?.(...message.values) });
    } catch (error) {
      reply(message.id, { error: String(error) });
    }
  });
}

/** @type {(id: number, outcome: { result?: unknown, error?: string }) => void} */
const reply = (id, outcome) => void process.send?.({ id, ...outcome });
