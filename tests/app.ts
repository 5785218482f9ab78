import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import OpenAI from "openai";
import postgres from "postgres";
import { APP_SECRET, freshDatabase } from "./database";

export type App = {
  url: string;
  databaseUrl: string;
  sql: postgres.Sql;
  /** The operator's command line on the app's database; its JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each command answers in a shape of its own
  admin: (...args: string[]) => Promise<any>;
  /** A user with credits and an inference key. */
  customer: (credits: string, ...keyOptions: string[]) => Promise<Customer>;
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
  const port = await freePort();
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
  let customers = 0;
  return {
    url,
    databaseUrl: database,
    sql,
    admin,
    output: () => output,
    process: child,
    async customer(credits, ...keyOptions) {
      const email = `customer-${++customers}@test`;
      const user = await admin("user", "create", "--email", email, "--credits", credits);
      const { key, hash } = await admin("key", "create", "--user", email, ...keyOptions);
      const client = new OpenAI({ baseURL: `${url}/api/v1`, apiKey: key, maxRetries: 0 });
      return { email, accountId: user.accountId, key, hash, client };
    },
    async stop() {
      await sql.end();
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
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
