import { db } from "@/db/client";
import { deleteLapsedKept } from "@/db/queries/kept-answers";

const AT_ONCE = 500;

/** Forgets answers whose time is over. They are found by nobody before that. */
export async function sweepKept(): Promise<void> {
  while ((await deleteLapsedKept(db(), AT_ONCE)) === AT_ONCE);
}
