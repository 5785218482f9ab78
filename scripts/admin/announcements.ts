import { Operator } from "@/db/operator";
import { listAnnouncements } from "@/db/queries/announcements";
import { announce, withdraw } from "@/lib/operator/announcements";
import { command, dateOf, oneOf, required } from "./command";

const operator = Operator.atTheCommandLine();

export const announcementCommands = {
  add: command(
    "Tell everybody who is signed in something, above every page: --severity info, warning or critical, --from and --until dates.",
    { text: { type: "string" }, severity: { type: "string" }, from: { type: "string" }, until: { type: "string" } },
    ({ text, severity, from, until }) =>
      announce(operator, {
        text: required(text, "text"),
        severity: oneOf(severity ?? "info", ["info", "warning", "critical"], "severity"),
        shownFrom: from === undefined ? null : dateOf(from, "from"),
        shownUntil: until === undefined ? null : dateOf(until, "until"),
      }),
  ),
  list: command("List announcements, the newest first.", {}, () => listAnnouncements(operator)),
  withdraw: command("Show an announcement no longer.", { id: { type: "string" } }, ({ id }) =>
    withdraw(operator, required(id, "id")),
  ),
};
