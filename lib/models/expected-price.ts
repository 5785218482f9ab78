import type { Endpoint } from "./catalogue";
import { pricesFor } from "./price";

/** What a request of about so many tokens may cost at an endpoint, to compare endpoints by and never to bill by: pico-USD. */
export function expectedPrice({ prices }: Endpoint, { prompt, output }: { prompt: number; output: number }): bigint {
  const { prompt: promptPrice, completion } = pricesFor(prices, prompt);
  return BigInt(prompt) * promptPrice + BigInt(output) * completion + prices.request * 1000n;
}
