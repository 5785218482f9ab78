import { recordAudit } from "@/db/queries/audit";
import { clientAddress } from "@/lib/auth/client-address";
import type { SessionUser } from "@/lib/auth/session";

type Act =
  | `key.${"create" | "change" | "enable" | "disable" | "rotate" | "delete"}`
  | `byok.${"create" | "enable" | "disable" | "delete"}`;

/** Notes in the audit log what a user did with a key of his; never the key, nor its hash. */
export async function noteKey({ userId }: SessionUser, action: Act, keyId: string, after?: Record<string, unknown>) {
  const address = await clientAddress();
  await recordAudit({ actor: "user", actorId: userId, address, action, target: { kind: "key", id: keyId }, after });
}
