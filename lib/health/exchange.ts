import { randomUUID } from "node:crypto";
import { exchangeTallies, type TallyRow } from "@/db/queries/endpoint-tallies";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { health } from "./endpoint-health";
import type { News } from "./replicas";

/** Each replica tells and hears so often, in one statement, however many requests there were. */
const EVERY_MS = 2_000;
/** A replica that starts learns what the others saw in this time. */
const FIRST_MS = 5 * 60_000;
/** What was written in this time before the last exchange may not have been seen in it. */
const OVERLAP_MS = 3_000;
/** Older rows are of no use to anybody; one replica or another takes them away once in a while. */
const PRUNE_EVERY = 30;

type Exchange = {
  process: string;
  /** When the last one was that worked. */
  at: number | undefined;
  heard: ReadonlySet<string>;
  rounds: number;
  running: boolean;
  failing: boolean;
};

/** Tells the other replicas what this one saw of endpoints, and hears what they saw, as long as the process lives. */
export function startExchange(everyMs = EVERY_MS): void {
  processWide("health-exchange", () => {
    const exchange: Exchange = {
      ...{ process: randomUUID(), at: undefined, heard: new Set<string>() },
      ...{ rounds: 0, running: false, failing: false },
    };
    return setInterval(() => void round(exchange), everyMs).unref();
  });
}

/** One at a time: one that takes long is waited for. Whoever has no database goes by what he saw himself. */
async function round(exchange: Exchange): Promise<void> {
  if (exchange.running) return;
  exchange.running = true;
  const startedAt = performance.now();
  const sinceMs = exchange.at === undefined ? FIRST_MS : startedAt - exchange.at + OVERLAP_MS;
  const news = health().takeNews();
  try {
    const prune = exchange.rounds++ % PRUNE_EVERY === 0;
    const rows = await exchangeTallies({ process: exchange.process, rows: news.map(toRow), sinceMs, prune });
    exchange.at = startedAt;
    for (const { id, age, ...row } of rows) if (!exchange.heard.has(id)) health().hear(toNews(row), age);
    exchange.heard = new Set(rows.map(({ id }) => id));
    if (exchange.failing) log().info("what replicas see of endpoints is exchanged again");
    exchange.failing = false;
  } catch (error) {
    // The counts are lost: later they would be told as if it had happened later. What stands is told the next time.
    health().tellAgain(news);
    if (!exchange.failing) log().warn({ err: error }, "what replicas see of endpoints cannot be exchanged at present");
    exchange.failing = true;
  } finally {
    exchange.running = false;
  }
}

const toRow = ({ endpointId, tally, circuit, throttledFor }: News): TallyRow => ({
  endpointId,
  ...tally,
  circuit,
  throttledForMs: throttledFor === null ? null : Math.round(throttledFor),
});

export const toNews = ({ endpointId, circuit, throttledForMs, ...tally }: TallyRow): News => ({
  endpointId,
  tally,
  circuit,
  throttledFor: throttledForMs,
});
