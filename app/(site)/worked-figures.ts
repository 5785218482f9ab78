import { ceilingCost } from "@/lib/models/ceiling";
import { billLines, costOf } from "@/lib/models/price";
import { mostPromptTokens, promptSize } from "@/lib/models/prompt-size";
import type { ServedModel } from "@/lib/models/served-models";
import type { Nanos } from "@/lib/money";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { noTokens } from "@/lib/protocol/token-usage";

const OUTPUT = 1_000;
const BALANCE: Nanos = 1_000_000_000n;

/** What the gateway would set aside for a request like this one, by the arithmetic it admits requests with. */
export function workedCap({ slug, endpoints }: ServedModel, content: string, markupBasisPoints: number) {
  const request: ChatRequest = { model: slug, messages: [{ role: "user", content }], max_tokens: OUTPUT };
  const size = promptSize(request);
  const prompt = mostPromptTokens(request, size);
  const [endpoint] = endpoints;
  const held = ceilingCost(endpoint, { size, prompt, output: OUTPUT, choices: 1, markupBasisPoints });
  return { balance: BALANCE, output: OUTPUT, prompt, held, admitted: held > 0n ? BALANCE / held : null };
}

/** A bill of the model's cheapest endpoint, line by line, by the arithmetic that makes bills. */
export function workedBill({ endpoints }: ServedModel, markupBasisPoints: number) {
  const [{ prices, provider }] = endpoints;
  const usage = { ...noTokens, input: 1_204, cacheRead: prices.cacheRead === null ? 0 : 3_072, output: 389 };
  return {
    provider: provider.name,
    lines: billLines(usage, prices, 0).map(({ what, count, price, amount }) => ({ what, count, price, amount })),
    markupBasisPoints,
    total: costOf(usage, prices, 0, markupBasisPoints).total,
  };
}
