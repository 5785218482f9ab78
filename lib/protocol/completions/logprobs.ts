import type { ChatChoice } from "../chat-chunk";

type TokenLogprob = { token: string; logprob: number; top_logprobs?: { token: string; logprob: number }[] };

/** Log probabilities in this dialect's form: lists side by side. */
export function toLogprobs(logprobs: ChatChoice["logprobs"], offset: number) {
  const tokens = (logprobs?.content ?? []) as TokenLogprob[];
  if (tokens.length === 0) return null;
  let at = offset;
  return {
    tokens: tokens.map(({ token }) => token),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top_logprobs }) =>
      Object.fromEntries((top_logprobs ?? []).map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset: tokens.map(({ token }) => {
      const begins = at;
      at += token.length;
      return begins;
    }),
  };
}
