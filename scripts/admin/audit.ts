import { Operator } from "@/db/operator";
import { searchAudit } from "@/db/queries/audit-search";
import { command, wholeNumber } from "./command";

const operator = Operator.atTheCommandLine();
const MOST = 1_000;

export const auditCommands = {
  list: command(
    "List the audit log, the newest first: --action is how what was done begins, --who a user's id, --target the id of what it was done to, --before a line's id. 50 lines, or --most, up to 1000.",
    {
      action: { type: "string" },
      who: { type: "string" },
      target: { type: "string" },
      before: { type: "string" },
      most: { type: "string" },
    },
    async ({ action, who, target, before, most }) => {
      const line = wholeNumber(before, "before");
      return searchAudit(operator, {
        filter: { action, who, target },
        cursor: line === undefined ? undefined : { older: BigInt(line) },
        most: Math.min(wholeNumber(most, "most") ?? 50, MOST),
      });
    },
  ),
};
