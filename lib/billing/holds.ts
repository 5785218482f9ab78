import { expireHolds, type HoldAnswer, type HoldRequest, openHolds } from "@/db/queries/holds";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import { batched } from "./batch";
import { isConnectionLoss, isTransient, retrying } from "./database-failure";

export type { HoldAnswer, HoldRequest };

const open = () => processWide("open-hold", () => batched((items: HoldRequest[]) => retrying(() => openHolds(items))));

/**
 * Sets credits aside before an upstream is called, so that parallel requests cannot spend the same dollar twice. A
 * request that dies needs no clean-up: its hold expires. A refusal first ends what is due on the same account.
 *
 * @throws AppError `service_unavailable` while the database is away: nothing is served on credit that nobody checked.
 */
export async function openHold(request: HoldRequest): Promise<HoldAnswer> {
  try {
    const answer = await open()(request);
    if (answer.outcome !== "insufficient" && answer.outcome !== "key_limit") return answer;
    return (await retrying(() => expireHolds(100, request.accountId))) > 0 ? await open()(request) : answer;
  } catch (error) {
    if (isConnectionLoss(error) || isTransient(error))
      throw new AppError("service_unavailable", "The account could not be checked. Try again in a moment.", {
        retryAfter: 5,
        cause: error,
      });
    throw error;
  }
}
