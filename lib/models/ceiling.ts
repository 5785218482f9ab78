import type { Nanos } from "@/lib/money";
import type { Endpoint } from "./catalogue";
import { type PriceList, withMarkup } from "./price";
import type { PromptSize } from "./prompt-size";

/** The least output worth asking an upstream for; some refuse less. */
export const LEAST_OUTPUT_TOKENS = 16;

/** What is asked of an endpoint whose greatest output nobody knows: some refuse a cap that they cannot reach. */
const UNKNOWN_MOST_OUTPUT = 16_384;

/** The most an endpoint can generate for a prompt of this many tokens: what an answer that nobody capped may have. */
export function mostOutputTokens(endpoint: Endpoint, prompt: number): number {
  const left = Math.max(LEAST_OUTPUT_TOKENS, endpoint.contextLength - prompt);
  return Math.min(endpoint.maxOutput ?? UNKNOWN_MOST_OUTPUT, left);
}

type Question = {
  size: PromptSize;
  /** A bound on the prompt's tokens, without what media add. */
  prompt: number;
  output: number;
  choices: number;
  /** On the provider's price. Where the caller pays the provider himself, it takes the price off: minus 10,000 is nothing. */
  markupBasisPoints: number;
};

/**
 * The most a request can cost at an endpoint: every prompt token at the dearest that one may be billed at, in the
 * dearest tier that the prompt may fall into, and the whole output.
 */
export function ceilingCost(endpoint: Endpoint, { size, prompt, output, choices, markupBasisPoints }: Question): Nanos {
  const { perPromptToken, perOutputToken, fixed, billed } = dearest(endpoint, size, prompt);
  return withMarkup(
    BigInt(billed) * perPromptToken + BigInt(output) * BigInt(choices) * perOutputToken + fixed,
    markupBasisPoints,
  );
}

/** How many output tokens an amount pays for, after the prompt; never more than it truly covers. */
export function affordableOutput(endpoint: Endpoint, amount: Nanos, question: Omit<Question, "output">): number {
  const { perPromptToken, perOutputToken, fixed, billed } = dearest(endpoint, question.size, question.prompt);
  if (question.markupBasisPoints <= -10_000) return Number.MAX_SAFE_INTEGER;
  const picos = (amount * 10_000_000n) / BigInt(10_000 + question.markupBasisPoints);
  const left = picos - BigInt(billed) * perPromptToken - fixed;
  if (left < 0n) return 0;
  if (perOutputToken === 0n) return Number.MAX_SAFE_INTEGER;
  const tokens = left / (perOutputToken * BigInt(question.choices));
  return tokens > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(tokens);
}

function dearest(endpoint: Endpoint, size: PromptSize, prompt: number) {
  const list = endpoint.prices;
  // A file or a recording may fill the context, and no prompt can be longer than that.
  const longest = endpoint.contextLength * size.prompts;
  const billed = size.media.size > 0 ? longest : Math.min(prompt, longest);
  const reachable = [list, ...list.tiers.filter((tier) => billed > tier.above)];
  // Anthropic writes its cache only where it is told to; the others may at any time.
  const mayWriteCache = size.cacheMarks || endpoint.provider.kind !== "anthropic";
  let perPromptToken = 0n;
  let perOutputToken = 0n;
  for (const prices of reachable) {
    perPromptToken = most(perPromptToken, prices.prompt, prices.cacheRead, size.media.size > 0 ? list.audio : null);
    if (mayWriteCache) perPromptToken = most(perPromptToken, prices.cacheWrite, prices.cacheWriteHour);
    perOutputToken = most(perOutputToken, prices.completion, prices.reasoning);
  }
  return { perPromptToken, perOutputToken, fixed: fixedPicos(list, size), billed };
}

const fixedPicos = (list: PriceList, size: PromptSize) => (BigInt(size.images) * list.image + list.request) * 1000n;

const most = (...prices: (bigint | null)[]) =>
  prices.reduce<bigint>((highest, price) => (price !== null && price > highest ? price : highest), 0n);
