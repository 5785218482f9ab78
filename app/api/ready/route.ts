import { databaseAnswers } from "@/db/client";
import { isDraining } from "@/lib/gateway/draining";

export const dynamic = "force-dynamic";

/** Whether requests should be sent here: the database answers, and the process is not on its way out. */
export async function GET() {
  const database = await databaseAnswers();
  const draining = isDraining();
  const ready = database && !draining;
  return Response.json(
    { status: ready ? "ok" : "unavailable", database, draining },
    { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
  );
}
