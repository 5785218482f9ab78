/** A user's own key for a provider, as its table shows it. */
export type ByokRow = {
  id: string;
  provider: string;
  name: string | null;
  /** `sk-...wxyz` */
  label: string;
  isFallback: boolean;
  /** The operator's capacity is not used for what this key covers. */
  isRequired: boolean;
  disabled: boolean;
  lastUsedAt: Date | null;
  lastFailure: { what: string; at: Date } | null;
};
