import { createSerializer, parseAsBoolean, parseAsStringLiteral } from "nuqs/server";
import { parseAsMinute, parseAsName, parseAsUsd, parseAsUuid } from "./search-parsers";

export const outcomes = ["completed", "cancelled", "failed", "expired"] as const;
export const finishReasons = ["stop", "length", "tool_calls", "content_filter", "error"] as const;

/** What the log shows, as its address has it; moments are UTC. */
export const logSearch = {
  model: parseAsName,
  key: parseAsUuid,
  provider: parseAsName,
  app: parseAsName,
  status: parseAsStringLiteral(outcomes),
  finish: parseAsStringLiteral(finishReasons),
  streamed: parseAsBoolean,
  /** US dollars: only what cost more. */
  over: parseAsUsd,
  from: parseAsMinute,
  until: parseAsMinute,
};

export type LogSearch = {
  model: string | null;
  key: string | null;
  provider: string | null;
  app: string | null;
  status: (typeof outcomes)[number] | null;
  finish: (typeof finishReasons)[number] | null;
  streamed: boolean | null;
  over: bigint | null;
  from: string | null;
  until: string | null;
};

const serialize = createSerializer(logSearch);

/** The address of the log, narrowed. */
export const logHref = (search: Partial<LogSearch>): string => serialize("/activity/logs", search);

export const exportHref = (search: Partial<LogSearch>): string => serialize("/activity/logs/export", search);

/** A moment as the log's address has it. */
export const toMinute = (at: Date): string => at.toISOString().slice(0, 16);
