import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import OpenAI from "openai";
import postgres from "postgres";
import { apiKeyLabel, hashApiKey, newApiKey } from "@/lib/keys/api-key";
import { parseUsd } from "@/lib/money";
import { APP_SECRET, freshDatabase } from "./database";

export type App = {
  url: string;
  databaseUrl: string;
  sql: postgres.Sql;
  /** The operator's command line on the app's database; its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each command answers in a shape of its own
  admin: (...args: string[]) => Promise<any>;
  /** A user with credits and an inference key, with a limit if one is given; US dollars. */
  customer: (credits: string, limit?: string) => Promise<Customer>;
  /** Everything the server has printed so far. */
  output: () => string;
  process: ChildProcess;
  stop: () => Promise<void>;
};

export type Customer = { email: string; accountId: string; key: string; hash: string; client: OpenAI };

type Options = { env?: Record<string, string>; databaseUrl?: string; command?: string[] };

/** The built server, as a user runs it, on a port and a database of its own. Ready when it says so. */
export async function startApp({ env = {}, databaseUrl, command = ["server.mjs"] }: Options = {}): Promise<App> {
  const database = databaseUrl ?? (await freshDatabase());
  const port = Number(env.PORT ?? (await freePort()));
  const url = `http://127.0.0.1:${port}`;
  const settings = {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL: database,
    APP_SECRET,
    HOST: "127.0.0.1",
    PORT: String(port),
    DRAIN_SECONDS: "5",
    ...env,
  };
  const child = spawn(process.execPath, command, {
    env: settings as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  await untilReady(url, child, () => output);

  const sql = postgres(database, { max: 4, onnotice: () => {} });
  const admin = (...args: string[]) => runAdmin(settings, args);
  return {
    url,
    databaseUrl: database,
    sql,
    admin,
    output: () => output,
    process: child,
    customer: (credits, limit) => insertCustomer(sql, url, credits, limit),
    async stop() {
      await sql.end();
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** What the operator's `user create` and `key create` write, without the second that each of them takes to start. */
async function insertCustomer(sql: postgres.Sql, url: string, credits: string, limit?: string): Promise<Customer> {
  const email = `${randomUUID()}@test`;
  const key = newApiKey();
  const hash = hashApiKey(key);
  const [account] = await sql`insert into accounts default values returning id`;
  const accountId: string = account?.id;
  await sql`insert into users (account_id, email) values (${accountId}, ${email})`;
  const amount = parseUsd(credits).toString();
  if (amount !== "0") await sql`select credit(${accountId}, ${amount}::text::bigint, 'adjustment', 'test', ${email})`;
  const limitNano = limit === undefined ? null : parseUsd(limit).toString();
  await sql`
    insert into api_keys (account_id, name, hash, label, limit_nano)
    values (${accountId}, 'test', ${hash}, ${apiKeyLabel(key)}, ${limitNano}::text::bigint)`;
  return { email, accountId, key, hash, client: new OpenAI({ baseURL: `${url}/api/v1`, apiKey: key, maxRetries: 0 }) };
}

async function untilReady(url: string, child: ChildProcess, output: () => string) {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output()}`);
    const answer = await fetch(`${url}/api/ready`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error(`the server did not become ready:\n${output()}`);
}

/** Rejects with what the command printed on standard error. */
async function runAdmin(env: Record<string, string | undefined>, args: string[]) {
  const command = ["node_modules/tsx/dist/cli.mjs", "scripts/admin/main.ts", ...args, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, command, { env: env as NodeJS.ProcessEnv });
  return JSON.parse(stdout);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Looks again until it finds what it waits for; what is not there after ten seconds is given as it is. */
export async function eventually<T>(look: () => Promise<T>, found: (value: T) => boolean): Promise<T> {
  let value = await look();
  for (let tries = 0; tries < 200 && !found(value); tries++) {
    await sleep(50);
    value = await look();
  }
  return value;
}
