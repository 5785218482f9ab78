import { recordAudit } from "@/db/queries/audit";
import { clientAddress } from "./client-address";

type Act =
  | "session.start"
  | "session.end"
  | "session.end_others"
  | "user.change_password"
  | "user.rename"
  | "user.ask_email"
  | "user.change_email"
  | "user.export"
  | "settings.routing"
  | "settings.prompts"
  | "settings.notices"
  | "prompts.delete"
  | "preset.save"
  | "preset.delete"
  | "user.delete"
  | "second_factor.on"
  | "second_factor.off"
  | "second_factor.renew_codes"
  | "identity.connect"
  | "identity.disconnect";

/** Notes in the audit log what somebody did about his own account. */
export async function record(userId: string, action: Act, after?: Record<string, unknown>): Promise<void> {
  const address = await clientAddress();
  await recordAudit({ actor: "user", actorId: userId, address, action, target: { kind: "user", id: userId }, after });
}
