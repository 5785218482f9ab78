import { closeDatabase } from "@/db/client";
import { checkSchema, migrateDatabase } from "@/db/migrate";
import { announceSetup } from "@/lib/auth/setup";
import { runningGenerations, sweepHolds } from "@/lib/billing/heartbeat";
import { settled } from "@/lib/billing/settle";
import { env } from "@/lib/env";
import { startExchange } from "@/lib/health/exchange";
import { type NodeListener, nodeListener } from "@/lib/http/node-listener";
import { onAnswer } from "@/lib/http/on-answer";
import { takeOverConsole } from "@/lib/log";
import { currentCatalogue } from "@/lib/models/catalogue";
import { loadTokenizer } from "@/lib/models/count-tokens";
import { keepAwake } from "./after-answer";
import { chatCompletions } from "./chat-completions";
import { startChores } from "./chores";
import { completions } from "./completions";
import { beginDraining, lastCall } from "./draining";
import { embeddings } from "./embeddings";
import { allKept } from "./kept/writer";
import { messages } from "./messages";
import { promptsKept } from "./prompt-log";
import { responses } from "./responses";

/** What server.mjs leaves on the process for us: a way to take the hot paths, and to learn that the start failed. */
export type Host = {
  ready: (mount: { listeners: Record<string, NodeListener>; drain: (mostMs: number) => Promise<void> }) => void;
  failed: (error: unknown) => void;
};

const host = () =>
  (globalThis as unknown as Record<symbol, Host | undefined>)[Symbol.for("openrouter-self-hosted.host")];

/** The paths that are answered before Next's router, by the handlers that their route files mount too. */
const listeners = {
  "POST /api/v1/chat/completions": nodeListener(chatCompletions),
  "POST /api/v1/completions": nodeListener(completions),
  "POST /api/v1/embeddings": nodeListener(embeddings),
  "POST /api/v1/messages": nodeListener(messages),
  "POST /api/v1/responses": nodeListener(responses),
};

/**
 * Settings, schema, chores, and the paths that are answered before Next's router. Our own server migrates the database
 * itself; where Next runs without it (serverless, `next start`), the build has done so, and the start only looks.
 */
export async function boot(): Promise<void> {
  const server = host();
  try {
    const { DATABASE_URL, DATABASE_URL_UNPOOLED } = env();
    const direct = DATABASE_URL_UNPOOLED ?? DATABASE_URL;
    // Who has no server of his own starts for the sake of one request, which would wait for the tokenizer.
    await (server ? Promise.all([migrateDatabase(direct, DATABASE_URL), loadTokenizer()]) : checkSchema(direct));
    await currentCatalogue();
    await announceSetup((line) => process.stdout.write(`${line}\n`));
    startChores({ atOnce: !server });
    if (!server) onAnswer(keepAwake);
    startExchange();
    void sweepHolds();
    takeOverConsole();
    server?.ready({ listeners, drain });
  } catch (error) {
    if (!server) throw error;
    server.failed(error);
  }
}

/** How long what was broken off has to say so to its caller. */
const LAST_WORDS_MS = 2_000;

/**
 * Waits for running generations; those that are not through in time are broken off, with an event that says so. Then for
 * their settlements. What is still running after that is left to its hold.
 */
async function drain(mostMs: number): Promise<void> {
  beginDraining();
  await untilQuiet(mostMs);
  if (lastCall() > 0) await untilQuiet(LAST_WORDS_MS);
  await Promise.race([
    Promise.all([settled(), allKept(), promptsKept()]),
    new Promise((resolve) => setTimeout(resolve, 10_000).unref()),
  ]);
  await closeDatabase();
}

async function untilQuiet(mostMs: number): Promise<void> {
  const until = performance.now() + mostMs;
  while (runningGenerations() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
}
