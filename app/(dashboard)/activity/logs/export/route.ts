import { createLoader } from "nuqs/server";
import { logSearch } from "@/components/activity/log-search";
import { db } from "@/db/client";
import { type LogCursor, type LogRow, searchGenerations } from "@/db/queries/generation-search";
import { currentUser } from "@/lib/auth/session";
import { formatUsd } from "@/lib/money";
import { csvReply } from "../../../csv";
import { signInFirst } from "../../../file-reply";
import { toLogFilter } from "../log-filter";

export const dynamic = "force-dynamic";

const load = createLoader(logSearch);
const BATCH = 1_000;

const HEADER = [
  "id",
  "began_utc",
  "model",
  "provider",
  "key",
  "app",
  "outcome",
  "finish_reason",
  "error",
  "streamed",
].concat(["prompt_tokens", "completion_tokens", "cost_usd", "first_token_ms", "total_ms"]);

/** The log of whoever is signed in, as the page narrows it, newest first. */
export async function GET(request: Request) {
  const user = await currentUser();
  if (!user) return signInFirst();
  const filter = toLogFilter(load(request));
  async function* walk(accountId: string) {
    let before: LogCursor | undefined;
    for (;;) {
      const { rows, searchedTo } = await searchGenerations(db(), accountId, { filter, before, most: BATCH });
      if (rows.length > 0) yield rows.map(toCells);
      before =
        rows.length === BATCH
          ? rows.at(-1)
          : searchedTo
            ? { micros: BigInt(searchedTo.getTime()) * 1000n, id: "" }
            : undefined;
      if (!before) return;
    }
  }
  return csvReply("log", HEADER, walk(user.accountId));
}

const toCells = (row: LogRow): string[] =>
  [
    row.id,
    row.at.toISOString(),
    row.modelSlug,
    row.providerSlug,
    row.keyName,
    row.app,
    row.outcome,
    row.finishReason,
    row.errorType,
    row.streamed,
    row.promptTokens,
    row.completionTokens,
    formatUsd(row.costNano),
    row.firstTokenMs,
    row.totalMs,
  ].map((value) => String(value ?? ""));
