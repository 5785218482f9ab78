import type { Nanos } from "@/lib/money";
import type { FinishReason } from "./chat-chunk";
import type { TokenUsage } from "./token-usage";

/** What is the same on every piece of one answer, and on its whole. */
export type Stamp = {
  id: string;
  /** Unix seconds. */
  created: number;
  /** The model that serves, which a fallback or an alias may have made another than the one asked for. */
  model: string;
  /** The provider's display name. */
  provider: string;
};

export type Bill = {
  usage: TokenUsage;
  /** What the account is charged. */
  cost: Nanos;
  /** Asked with the caller's own key: his provider charges him `upstream`, and the cost is the fee. */
  isByok: boolean;
  upstream: Nanos;
  upstreamPrompt: Nanos;
  upstreamCompletion: Nanos;
};

/** What is known of an answer only when it has ended. */
export type Ending = {
  bill: Bill;
  reason: FinishReason | null;
  /** The upstream's own word for it. */
  native: string | null;
  /** Which endpoints were considered and tried, for a caller who wants to know. */
  metadata?: object;
};
