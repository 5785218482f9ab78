import { db } from "@/db/client";
import { deleteLapsedKept } from "@/db/queries/kept-answers";
import { log } from "@/lib/log";

const EVERY_MS = 60_000;
const AT_ONCE = 500;

/** Forgets answers whose time is over. They are found by nobody before that. */
export async function sweepKept(): Promise<void> {
  while ((await deleteLapsedKept(db(), AT_ONCE)) === AT_ONCE);
}

export function startSweepingKept(): void {
  const sweep = () => sweepKept().catch((err) => log().warn({ err }, "kept answers were not cleared away"));
  setInterval(() => void sweep(), EVERY_MS).unref();
}
