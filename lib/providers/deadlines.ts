import type { ProviderCall } from "./adapter";
import { thinking } from "./reasoning";
import type { Deadlines } from "./upstream-fetch";

export type { Deadlines };

const MINUTE = 60_000;

/**
 * A model that thinks may be silent for minutes, before its first word and after. An answer that is not streamed has
 * no headers before it has an end.
 */
export function deadlinesOf({ request, mayThink, deadlines }: Asked): Deadlines {
  const patience = (mayThink ?? thinking(request).wanted) ? 5 * MINUTE : MINUTE;
  const usual = request.stream ? { headers: patience, idle: patience } : { headers: 10 * MINUTE, idle: MINUTE };
  return { ...usual, ...deadlines };
}

type Asked = Pick<ProviderCall, "request" | "mayThink" | "deadlines">;
