import { createLoader } from "nuqs/server";
import { activitySearch, toSpan } from "@/components/activity/activity-search";
import { db } from "@/db/client";
import { listActivityDays } from "@/db/queries/activity";
import { currentUser } from "@/lib/auth/session";
import { formatUsd } from "@/lib/money";
import { csvReply } from "../../csv";
import { signInFirst } from "../../file-reply";
import { toFilter } from "../activity-view";
import { seriesNames } from "../series-names";

export const dynamic = "force-dynamic";

const load = createLoader(activitySearch);
const DAY_MS = 86_400_000;
/** Days that are read together. */
const BATCH = 7;

const HEADER = ["day_utc", "key", "model", "provider", "requests", "errors", "cancelled"].concat([
  "prompt_tokens",
  "cached_tokens",
  "completion_tokens",
  "reasoning_tokens",
  "spend_usd",
  "byok_usd",
]);

/** The activity of whoever is signed in over the time of the page, a line a UTC day, key, model and provider. */
export async function GET(request: Request) {
  const user = await currentUser();
  if (!user) return signInFirst();
  const search = load(request);
  const span = toSpan(search);
  const first = Math.floor(span.from.getTime() / DAY_MS) * DAY_MS;
  async function* walk(accountId: string) {
    for (let day = first; day < span.until.getTime(); day += BATCH * DAY_MS) {
      const until = new Date(Math.min(day + BATCH * DAY_MS, Math.ceil(span.until.getTime() / DAY_MS) * DAY_MS));
      const rows = await listActivityDays(db(), accountId, { from: new Date(day), until, filter: toFilter(search) });
      const keyName = await seriesNames(accountId, "key", [...new Set(rows.map(({ keyId }) => keyId))]);
      yield rows.map((row) => [
        row.day.toISOString().slice(0, 10),
        keyName(row.keyId),
        row.modelSlug,
        row.providerSlug ?? "",
        ...[
          row.requests,
          row.errors,
          row.cancelled,
          row.promptTokens,
          row.cachedTokens,
          row.completionTokens,
          row.reasoningTokens,
        ].map(String),
        formatUsd(row.costNano),
        formatUsd(row.byokNano),
      ]);
    }
  }
  return csvReply("activity", HEADER, walk(user.accountId));
}
