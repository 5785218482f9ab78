import { after } from "next/server";
import { runningGenerations } from "@/lib/billing/heartbeat";
import { settled } from "@/lib/billing/settle";
import { doChores } from "./chores";
import { allKept } from "./kept/writer";

/** Less than the platform's own limit for a function. */
const LONGEST_MS = 240_000;
const LOOK_MS = 100;

/**
 * Where nothing but requests keeps a process awake, it is frozen or ended as soon as an answer is out. What is still to be
 * done then is said to the platform: an answer that is heard to its end for nobody, settlements, and the chores.
 */
export const keepAwake = (): void => after(finish);

export async function finish(mostMs = LONGEST_MS): Promise<void> {
  const until = performance.now() + mostMs;
  while (runningGenerations() > 0 && performance.now() < until) await new Promise((done) => setTimeout(done, LOOK_MS));
  await Promise.all([settled(), allKept()]);
  await doChores();
}
