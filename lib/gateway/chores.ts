import { makeMonths } from "@/db/migrate";
import { scrubClosedAccounts } from "@/lib/auth/delete-account";
import { prune } from "@/lib/auth/prune";
import { sweepHolds } from "@/lib/billing/heartbeat";
import { catchUpPayments, topUp } from "@/lib/billing/payment-rounds";
import { forgetRates } from "@/lib/billing/rates";
import { checkBooks } from "@/lib/billing/reconcile";
import { rollUp } from "@/lib/billing/roll-up";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { sweepKept } from "./kept/sweep";
import { tellNotices } from "./notices";
import { sweepPromptLogs } from "./prompt-log";

/** What is to be done again and again. Any number of processes may do it at once, and more often than they need. */
type Chore = { name: string; everyMs: number; work: () => Promise<unknown> };

const chores: readonly Chore[] = [
  { name: "holds", everyMs: 15_000, work: sweepHolds },
  { name: "top-ups", everyMs: 10_000, work: topUp },
  { name: "books", everyMs: 60_000, work: checkBooks },
  { name: "sums", everyMs: 60_000, work: rollUp },
  { name: "payments", everyMs: 60_000, work: catchUpPayments },
  { name: "kept", everyMs: 60_000, work: sweepKept },
  { name: "notices", everyMs: 60_000, work: tellNotices },
  { name: "prompts", everyMs: 3_600_000, work: sweepPromptLogs },
  { name: "closed accounts", everyMs: 60_000, work: scrubClosedAccounts },
  { name: "lapsed", everyMs: 3_600_000, work: prune },
  // Its tables' owner has the right to, who may be another than the app's role.
  {
    name: "months",
    everyMs: 24 * 3_600_000,
    work: () => makeMonths(env().DATABASE_URL_UNPOOLED ?? env().DATABASE_URL),
  },
  { name: "rates", everyMs: 3_600_000, work: forgetRates },
];

export const choreNames = chores.map(({ name }) => name);

const LOOK_MS = 5_000;

/** What is being done, and when each was last begun. */
type Rounds = { running: Map<string, Promise<void>>; begunAt: Map<string, number> };

const rounds = () => processWide<Rounds>("chores", () => ({ running: new Map(), begunAt: new Map() }));

/** Each again and again; `atOnce` where it is not known how long the process may stay awake. */
export function startChores({ atOnce = false } = {}): void {
  processWide("chores-timer", () => {
    if (!atOnce) for (const { name } of chores) rounds().begunAt.set(name, performance.now());
    return setInterval(() => void doChores(), LOOK_MS).unref();
  });
}

/**
 * Does those whose time has come, or `all` of them; one that is being done is waited for and not begun again.
 *
 * @returns how long each took that was done, in milliseconds
 */
export async function doChores({ all = false } = {}): Promise<Record<string, number>> {
  const { running, begunAt } = rounds();
  const now = performance.now();
  const isDue = ({ name, everyMs }: Chore) => all || now - (begunAt.get(name) ?? Number.NEGATIVE_INFINITY) >= everyMs;
  const took: Record<string, number> = {};
  const one = async ({ name, work }: Chore) => {
    const under = running.get(name);
    if (under) return under;
    begunAt.set(name, now);
    const round = work()
      .then(() => {
        took[name] = Math.round(performance.now() - now);
      })
      .catch((err) => log().warn({ err, chore: name }, "a chore could not be done; the next round will"))
      .finally(() => running.delete(name));
    running.set(name, round);
    return round;
  };
  await Promise.all(chores.filter(isDue).map(one));
  return took;
}
