import { env } from "@/lib/env";
import { isBearerOf } from "./bearer-of";
import { doChores } from "./chores";

/** Does all chores at once, for whoever brings `CRON_SECRET`; to others, and without one, there is nothing here. */
export async function cron(request: Request): Promise<Response> {
  if (!isBearerOf(env().CRON_SECRET, request)) return new Response(null, { status: 404 });
  return Response.json({ milliseconds: await doChores({ all: true }) }, { headers: { "cache-control": "no-store" } });
}
