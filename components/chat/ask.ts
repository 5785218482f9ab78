import type { Answer } from "./chat";
import { type ChatKey, KeyRefused } from "./chat-key";
import { brokenOff, unreachable } from "./failure";
import { exactCost, foldChunk } from "./fold-chunk";
import { Refused, streamCompletion } from "./stream-completion";

/** Asks, tells of the answer as it grows, and returns it as it ended. Never rejects: a failure is part of the answer. */
export type Ask = (asking: {
  body: unknown;
  answer: Answer;
  signal: AbortSignal;
  onProgress: (answer: Answer) => void;
}) => Promise<Answer>;

/** Over the public API, with the tab's key. */
export const askApi =
  (chatKey: ChatKey): Ask =>
  async ({ body, answer, signal, onProgress }) => {
    const startedAt = performance.now();
    let latest = answer;
    const tell = (next: Answer) => {
      latest = next;
      onProgress(next);
    };
    const attempt = (key: string) =>
      streamCompletion({
        key,
        body,
        signal,
        onHead: (generationId) => {
          latest = { ...latest, generationId };
        },
        onChunk: (chunk) => tell(foldChunk(latest, chunk, performance.now() - startedAt)),
      });
    const ending = await end(chatKey, attempt, signal, () => latest);
    const ended = { ...ending, totalMs: Math.round(performance.now() - startedAt) };
    onProgress(ended);
    return ended.usage || !ended.generationId ? ended : { ...ended, ...(await billed(chatKey, ended.generationId)) };
  };

async function end(
  chatKey: ChatKey,
  attempt: (key: string) => Promise<boolean>,
  signal: AbortSignal,
  latest: () => Answer,
): Promise<Answer> {
  try {
    const whole = await withLiveKey(chatKey, attempt);
    if (latest().status === "failed") return latest();
    if (!whole) return { ...latest(), status: "failed", failure: brokenOff(latest().provider) };
    return { ...latest(), status: "done" };
  } catch (error) {
    if (signal.aborted) return { ...latest(), status: "stopped" };
    return { ...latest(), status: "failed", failure: failureOf(error) };
  }
}

/** A key may end before its time, with the sign-in it belongs to or by an operator's hand: one more try with a new one. */
async function withLiveKey(chatKey: ChatKey, attempt: (key: string) => Promise<boolean>): Promise<boolean> {
  const key = await chatKey.current();
  try {
    return await attempt(key);
  } catch (error) {
    if (!(error instanceof Refused) || error.failure.status !== 401) throw error;
    chatKey.forget(key);
    return attempt(await chatKey.current());
  }
}

function failureOf(error: unknown) {
  if (error instanceof Refused) return error.failure;
  if (error instanceof KeyRefused) return { status: 403, type: "permission_denied", message: error.message };
  return unreachable();
}

const BILL_TRIES = [300, 1_000, 3_000];

/** What an answer that did not come to its end was charged. The stream can no longer say it; the log can. */
async function billed(chatKey: ChatKey, generationId: string): Promise<Partial<Answer>> {
  for (const wait of BILL_TRIES) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const headers = { authorization: `Bearer ${await chatKey.current()}` };
    const response = await fetch(`/api/v1/generation?id=${generationId}`, { headers, credentials: "omit" }).catch(
      () => undefined,
    );
    if (!response?.ok) continue;
    const { data } = await response.json();
    return {
      usage: {
        promptTokens: data.tokens_prompt,
        completionTokens: data.tokens_completion,
        reasoningTokens: data.native_tokens_reasoning,
        cachedTokens: data.native_tokens_cached,
        cost: exactCost(data.total_cost),
      },
    };
  }
  return {};
}
