import type { Operator } from "@/db/operator";
import { type Alert, resolveOperatorAlert } from "@/db/queries/operator-alerts";
import { AppError } from "@/lib/errors";

/** Says that an alert's cause is mended; it is raised again when it is met again. @throws AppError `not_found` */
export const resolveAlert = (operator: Operator, kind: Alert["kind"], subject: string): Promise<void> =>
  operator.decide(async (tx) => {
    if (!(await resolveOperatorAlert(tx, kind, subject)))
      throw new AppError("not_found", `There is no open alert about ${subject}.`);
    return { value: undefined, note: { action: "alert.resolve", target: { kind, id: subject } } };
  });
