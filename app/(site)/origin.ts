import { headers } from "next/headers";
import { env } from "@/lib/env";

/** The address under which the reader reached this server, for samples that work as they stand. */
export async function publicOrigin(): Promise<string> {
  const host = (await headers()).get("host") ?? "localhost:3000";
  return env().APP_URL ?? `http://${host}`;
}
