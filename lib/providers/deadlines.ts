import type { ProviderCall } from "./adapter";
import { thinking } from "./reasoning";
import type { Deadlines } from "./upstream-fetch";

export type { Deadlines };

const MINUTE = 60_000;

/**
 * A model that thinks may be silent for minutes, before its first word and after. An answer that is not streamed has
 * no headers before it has an end.
 */
export function deadlinesOf({ request, mayThink }: Pick<ProviderCall, "request" | "mayThink">): Deadlines {
  if (!request.stream) return { headers: 10 * MINUTE, idle: MINUTE };
  const patience = (mayThink ?? thinking(request).wanted) ? 5 * MINUTE : MINUTE;
  return { headers: patience, idle: patience };
}
