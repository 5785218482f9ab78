import type { LogSearch } from "@/components/activity/log-search";
import type { LogCursor, LogFilter } from "@/db/queries/generation-search";

/** What an address of the log asks for, as the query has it. */
export const toLogFilter = ({
  model,
  key,
  provider,
  app,
  status,
  finish,
  streamed,
  over,
  from,
  until,
}: LogSearch): LogFilter => ({
  ...(model !== null && { model }),
  ...(key !== null && { keyId: key }),
  ...(provider !== null && { provider }),
  ...(app !== null && { app }),
  ...(status !== null && { outcome: status }),
  ...(finish !== null && { finishReason: finish }),
  ...(streamed !== null && { streamed }),
  ...(over !== null && { costAbove: over }),
  ...(from !== null && { from: new Date(`${from}Z`) }),
  ...(until !== null && { until: new Date(`${until}Z`) }),
});

/** A place in the log as an address has it: `1764296454123456.gen-…`. */
export const formatCursor = ({ micros, id }: LogCursor): string => `${micros}.${id}`;

export function parseCursor(text: string | null): LogCursor | undefined {
  const [, micros, id] = /^(\d{1,16})\.([\w-]{0,64})$/.exec(text ?? "") ?? [];
  return micros === undefined ? undefined : { micros: BigInt(micros), id: id ?? "" };
}
