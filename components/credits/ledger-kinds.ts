/** The kinds of the ledger's lines, in words. */
export const ledgerKinds = {
  usage: "Request",
  usage_late: "Request, settled late",
  topup: "Purchase",
  promo: "Gift",
  adjustment: "Given or taken by the operator",
  refund: "Refund",
  refund_reversed: "Refund that did not go through",
  dispute_hold: "Disputed payment",
  dispute_won: "Dispute won",
} as const satisfies Record<string, string>;

export type KnownKind = keyof typeof ledgerKinds;

export const kindName = (kind: string): string => (kind in ledgerKinds ? ledgerKinds[kind as KnownKind] : kind);

/** What the ledger can be narrowed to, by the word in the address. */
export const ledgerGroups = {
  requests: { label: "Requests", kinds: ["usage", "usage_late"] },
  purchases: { label: "Purchases", kinds: ["topup"] },
  gifts: { label: "Gifts and corrections", kinds: ["promo", "adjustment"] },
  refunds: {
    label: "Refunds and disputes",
    kinds: ["refund", "refund_reversed", "dispute_hold", "dispute_won"],
  },
} as const satisfies Record<string, { label: string; kinds: readonly KnownKind[] }>;

export type LedgerGroup = keyof typeof ledgerGroups;
export const isLedgerGroup = (text: string | undefined): text is LedgerGroup =>
  text !== undefined && text in ledgerGroups;
