import { isTransient } from "@/db/failure";
import { expireHolds, type HoldRequest, type OpenAnswer, openHolds } from "@/db/queries/holds";
import { isDatabaseAway, retrying } from "@/db/retrying";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import { batched } from "./batch";
import { nudgeAutoTopUps } from "./payment-rounds";
import { settle } from "./settle";

export type { HoldRequest };
export type HoldAnswer = Exclude<OpenAnswer, { outcome: "busy" }>;

/** A statement has a deadline of its own; one that has to wait for another's must not take twice as long. */
const LONGEST_MS = 6_500;

/** As long as a statement may take that sets a key's limit. */
const LONGEST_BUSY_MS = 5_000;
const ASK_AGAIN_MS = 30;

/** An answer is at its end before it is settled: who asks at once for the next is not to find it running still. */
const STILL_SETTLING_MS = 100;

const openAll = (items: HoldRequest[]) => retrying(() => openHolds(items));
const statement = () => processWide("open-hold", () => batched(openAll));
/** Of their own, so that nobody else's request is looked at twice. */
const ratedStatement = () => processWide("open-rated-hold", () => batched(openAll));

/** While a key's limit is being set, its requests ask again: in a statement, others would wait with them. */
async function open(request: HoldRequest): Promise<HoldAnswer> {
  const startedAt = performance.now();
  for (;;) {
    const answer = await (request.rates ? ratedStatement() : statement())(request);
    if (answer.outcome !== "busy") return answer;
    if (performance.now() - startedAt > LONGEST_BUSY_MS) throw unchecked();
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

/**
 * Sets credits aside before an upstream is called, so that parallel requests cannot spend the same dollar twice. A
 * request that dies needs no clean-up: its hold expires. A refusal first ends what is due on the same account.
 *
 * @throws AppError `service_unavailable` while the database is away: nothing is served on credit that nobody checked.
 */
export async function openHold(request: HoldRequest): Promise<HoldAnswer> {
  const asked = ask(request);
  const late = Symbol("late");
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<typeof late>((resolve) => {
    timer = setTimeout(resolve, LONGEST_MS, late);
  });
  const answer = await Promise.race([asked, deadline]).finally(() => clearTimeout(timer));
  if (answer !== late) return answer;
  // Nobody waits for it any more: if it is granted after all, by an answer that was lost or by this one, it is given back.
  asked.then(
    ({ outcome }) => (outcome === "ok" || outcome === "duplicate") && settle(unserved(request)),
    () => {},
  );
  throw unchecked();
}

async function ask(request: HoldRequest): Promise<HoldAnswer> {
  try {
    let answer = await open(request);
    if (answer.outcome === "rate_limit" && answer.rate === "parallel") {
      await new Promise((resolve) => setTimeout(resolve, STILL_SETTLING_MS));
      answer = await open(request);
    }
    if (!("room" in answer)) return answer;
    if (answer.outcome === "insufficient") nudgeAutoTopUps();
    return (await retrying(() => expireHolds(100, request.accountId))) > 0 ? await open(request) : answer;
  } catch (error) {
    throw isDatabaseAway(error) || isTransient(error) ? unchecked(error) : error;
  }
}

const unchecked = (cause?: unknown) =>
  new AppError("service_unavailable", "The account could not be checked. Try again in a moment.", {
    retryAfter: 5,
    cause,
  });

const unserved = ({ id, progress }: HoldRequest) => ({
  id,
  requestedModel: String(progress.requestedModel ?? ""),
  modelSlug: String(progress.modelSlug ?? ""),
  outcome: "failed" as const,
  errorType: "service_unavailable",
  costNano: 0n,
});
