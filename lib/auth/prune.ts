import { db } from "@/db/client";
import { deleteLapsed } from "@/db/queries/auth-tokens";
import { log } from "@/lib/log";

const EVERY_MS = 3_600_000;

/** Clears away, once an hour, sessions, links and counters that have lapsed. None of them counts any more before that. */
export function startPruning(): void {
  const prune = () => deleteLapsed(db()).catch((err) => log().warn({ err }, "lapsed sessions were not cleared away"));
  setInterval(() => void prune(), EVERY_MS).unref();
}
