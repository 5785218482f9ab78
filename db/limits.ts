/** How long the server works for the app, in milliseconds: on a statement, waiting for a lock, and in an idle transaction. */
export const LIMITS = {
  statement_timeout: 5_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
} as const;

/** For the owner's own connections, whatever was made the role's. */
export const NO_LIMITS = { statement_timeout: 0, lock_timeout: 0, idle_in_transaction_session_timeout: 0 } as const;
