import { db } from "@/db/client";
import { listOperatorAlerts, resolveOperatorAlert } from "@/db/queries/operator-alerts";
import { command, oneOf, required } from "./command";

export const alertCommands = {
  list: command("List what only you can mend, the open alerts first.", {}, () => listOperatorAlerts(db())),
  resolve: command(
    "Say that an alert's cause is mended. It is raised again when it is met again.",
    { kind: { type: "string" }, subject: { type: "string" } },
    async (options) => {
      const kind = oneOf(required(options.kind, "kind"), ["provider_credential", "unknown_model"], "kind");
      const subject = required(options.subject, "subject");
      if (!(await resolveOperatorAlert(db(), kind, subject)))
        throw new Error(`there is no open alert about ${subject}`);
      return { kind, subject, resolved: true };
    },
  ),
};
