import { headers } from "next/headers";
import { clientAddress } from "./client-address";
import type { Visitor } from "./start-session";

export async function currentVisitor(): Promise<Visitor> {
  return { userAgent: (await headers()).get("user-agent"), address: (await clientAddress()) ?? null };
}
