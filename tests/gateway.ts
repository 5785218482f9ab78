import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import type { endpoints } from "@/db/schema";
import { settled } from "@/lib/billing/settle";
import { chatCompletions } from "@/lib/gateway/chat-completions";
import type { Patience } from "@/lib/http/api-handler";
import { nodeListener } from "@/lib/http/node-listener";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { seal } from "@/lib/seal";
import { type Fault, type FaultyUpstream, startFaultyUpstream } from "./faulty-upstream/start";
import type { WireName } from "./faulty-upstream/wires";

/** What a provider does; one that cannot be reached has no requests. */
export type Provider = Fault | "refuses the connection" | "never connects";

type Timeouts = Pick<
  typeof endpoints.$inferInsert,
  "connectTimeoutMs" | "headersTimeoutMs" | "firstTokenTimeoutMs" | "idleTimeoutMs" | "totalTimeoutMs"
>;

/** A model, the format its providers speak, and what each of them does. */
export type Served = {
  model: string;
  wire: WireName;
  providers: Record<string, Provider>;
  timeouts?: Timeouts;
  /** Tokens; 4,000 without it. */
  maxOutput?: number;
};

type Terms = {
  patience?: Partial<Patience>;
  /** Whether an endpoint may be asked again whenever its failure allows it, or as often as usual; without it, each is asked once. */
  retries?: "always" | "usual";
};

/** What an answer left in the books. */
export type Books = {
  outcome: string;
  costNano: bigint;
  upstreamCostNano: bigint;
  usageSource: string;
  input: number;
  output: number;
  finish: string | null;
  error: string | null;
  /** Provider and failure of each attempt before the one that is told of. */
  attempts: { provider: string; failure: string }[];
  hold: string;
};

export type Gateway = {
  url: string;
  sql: postgres.Sql;
  upstream: FaultyUpstream;
  key: string;
  accountId: string;
  books: (id: string) => Promise<Books>;
  /** Of what was asked last of a model. */
  lastBooks: (model: string) => Promise<Books>;
  stop: () => Promise<{ drift: unknown; openHolds: number; held: string }>;
};

/** 1,000 nano-USD a prompt token and 2,000 a generated one. */
const PRICES = { promptPico: 1_000_000n, completionPico: 2_000_000n };

const kinds = { openai: "openai", "openai-responses": "openai", anthropic: "anthropic", google: "google" } as const;

/**
 * The API's handler on a loopback port of this process, over real sockets and a real database, without a build. Models
 * cannot be added later: a gateway knows a change of its catalogue only after seconds.
 */
export async function startGateway(
  databaseUrl: string,
  served: Served[],
  { patience, retries }: Terms = {},
): Promise<Gateway> {
  process.env.RETRY_BUDGET_PERCENT = { always: "100", usual: "10", none: "0" }[retries ?? "none"];
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
  const upstream = await startFaultyUpstream();
  // TCP is made, and TLS is waited for.
  const mute = createTcpServer(() => {}).listen(0, "127.0.0.1");
  await once(mute, "listening");
  await serveAll(served, upstream, `https://127.0.0.1:${(mute.address() as AddressInfo).port}`);
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: parseUsd("1000"), kind: "adjustment", source: "test", sourceId: user.id });
  const { key } = await mintKey({ accountId, name: "test" });
  const server = createServer({ keepAliveTimeout: 60_000 }, nodeListener(chatCompletions, patience)).listen(
    0,
    "127.0.0.1",
  );
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    sql,
    upstream,
    key,
    accountId,
    books: (id) => booksOf(sql, sql`g.id = ${id}`),
    lastBooks: (model) => booksOf(sql, sql`g.model_slug = ${`test/${model}`}`),
    async stop() {
      await settled();
      const openHolds = async () =>
        (await sql`select count(*)::int as count from holds where status = 'open'`)[0]?.count;
      // Those of other processes, which settle behind the answer too.
      for (let tries = 0; tries < 100 && (await openHolds()) > 0; tries++) await sleep(50);
      const drift = await findDrift(db());
      const open = await openHolds();
      const [account] = await sql`select held_nano from accounts where id = ${accountId}`;
      server.closeAllConnections();
      server.close();
      mute.close();
      await Promise.all([upstream.stop(), closeDatabase(), sql.end()]);
      return { drift, openHolds: open, held: account?.held_nano };
    },
  };
}

async function serveAll(served: Served[], upstream: FaultyUpstream, mute: string): Promise<void> {
  const known = new Set<string>();
  for (const { model, wire, providers, timeouts, maxOutput = 4_000 } of served) {
    await insertModel(db(), { slug: `test/${model}`, companySlug: "test", name: model, contextLength: 8_000 }, "Test");
    for (const [slug, fault] of Object.entries(providers)) {
      if (!known.has(slug)) {
        known.add(slug);
        const unreachable = fault === "never connects" ? mute : "http://127.0.0.1:9/v1";
        const baseUrl = typeof fault === "string" ? unreachable : upstream.baseUrl(slug, wire);
        const sealedApiKey = seal(OPERATOR_KEY, `providers.${slug}`);
        await upsertProvider(db(), { slug, name: slug, kind: kinds[wire], baseUrl, sealedApiKey });
      }
      if (typeof fault !== "string") upstream.script(slug, model, fault);
      const identity = { modelSlug: `test/${model}`, providerSlug: slug, upstreamModel: model };
      const own = wire === "openai-responses" ? { wire } : {};
      const limits = { contextLength: 8_000, maxOutput, ...timeouts };
      await upsertEndpoint(db(), { ...identity, ...own, ...limits }, PRICES);
    }
  }
}

/** What `stop` finds where every cent is where it belongs. */
export const BOOKS_IN_ORDER = {
  drift: { accounts: [], keys: [], usage: [], overdueHolds: [] },
  openHolds: 0,
  held: "0",
};

/** What no answer, no log and no error may ever show. */
export const OPERATOR_KEY = "sk-operator-5f2b1c9d8e7a6f3b4c5d";

async function booksOf(sql: postgres.Sql, which: postgres.PendingQuery<postgres.Row[]>): Promise<Books> {
  let row: postgres.Row | undefined;
  for (let tries = 0; tries < 400 && !row; tries++) {
    [row] = await sql`
      select g.*, h.status as hold from generations g join holds h on h.id = g.id
      where ${which} order by g.created_at desc limit 1`;
    if (!row) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (!row) throw new Error("it is not in the books");
  return {
    outcome: row.outcome,
    costNano: BigInt(row.cost_nano),
    upstreamCostNano: BigInt(row.upstream_cost_nano),
    usageSource: row.usage_source,
    input: row.input_tokens,
    output: row.output_tokens,
    finish: row.finish_reason,
    error: row.error_type,
    attempts: (row.attempts ?? []) as Books["attempts"],
    hold: row.hold,
  };
}
