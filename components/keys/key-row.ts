import type { Nanos } from "@/lib/money";

export type Reset = "none" | "daily" | "weekly" | "monthly";

type Used = { daily: Nanos; weekly: Nanos; monthly: Nanos; total: Nanos };

/** A key as its table shows it. */
export type KeyRow = {
  hash: string;
  name: string;
  /** `sk-or-v1-abc...xyz` */
  label: string;
  state: KeyState;
  disabled: boolean;
  limit: Nanos | null;
  reset: Reset;
  /** Of the limit, in its current window. */
  spent: Nanos;
  usage: Used;
  /** What providers charged its owner for requests that went by his own keys. */
  byok: Used;
  includeByok: boolean;
  /** Slugs of the models it may call; null: all. */
  allowedModels: string[] | null;
  /** How much it may ask for; null: as much as comes. */
  rates: Record<"requestsPerMinute" | "tokensPerMinute" | "parallelRequests", number | null>;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  createdAt: Date;
};

export type KeyState = "active" | "disabled" | "expired" | "limit";

export const resetNames: Record<Reset, string> = {
  none: "Never",
  daily: "Every day",
  weekly: "Every week, on Monday",
  monthly: "Every month, on the 1st",
};
