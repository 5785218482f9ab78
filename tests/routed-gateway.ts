import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import type { endpoints as endpointTable, models as modelTable } from "@/db/schema";
import { settled } from "@/lib/billing/settle";
import type { ApiHandler } from "@/lib/http/api-handler";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { seal } from "@/lib/seal";
import { useFreshDatabase as freshDatabase } from "./database";

type Served = {
  model: string;
  provider: string;
  /** Pico-USD per token, of the prompt; the completion costs twice. */
  price?: bigint;
  endpoint?: Partial<typeof endpointTable.$inferInsert>;
  about?: Partial<typeof modelTable.$inferInsert>;
};

/** What an upstream was sent. */
type Sent = { provider: string; body: Record<string, unknown> };
/** How an upstream answers: with a status and a body, or with the pieces of an answer, after which the line may break. */
export type Answer = { status?: number; json?: unknown; delta?: object[]; finish?: string; breaks?: boolean };

type Call = { body?: unknown; headers?: Record<string, string>; path?: string; query?: string };

const USAGE = { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 };

/** The gateway's handlers on a database of their own, before OpenAI-compatible upstreams that answer as they are told. */
export async function routedGateway(served: Served[]) {
  await freshDatabase();
  // Each is asked once, so that a test can say what follows from one answer.
  process.env.RETRY_BUDGET_PERCENT = "0";
  const sent: Sent[] = [];
  const answers: Record<string, Answer> = {};
  const server = createServer(async (request, response) => {
    const provider = request.url?.split("/")[1] ?? "";
    let text = "";
    for await (const piece of request) text += piece;
    const body = JSON.parse(text);
    sent.push({ provider, body });
    const {
      status = 200,
      json,
      delta = [{ content: `from ${provider}` }],
      finish = "stop",
      breaks,
    } = answers[provider] ?? {};
    if (json !== undefined || !body.stream) {
      response.writeHead(status, { "content-type": "application/json" });
      const message = Object.assign({ role: "assistant", content: null }, ...delta);
      const whole = { choices: [{ index: 0, message, finish_reason: finish }], usage: USAGE };
      return response.end(
        JSON.stringify(json ?? { id: "up", object: "chat.completion", created: 1, model: "up", ...whole }),
      );
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunks = [...delta.map((part) => ({ choices: [{ index: 0, delta: part, finish_reason: null }] }))];
    const ending = [{ choices: [{ index: 0, delta: {}, finish_reason: finish }] }, { choices: [], usage: USAGE }];
    for (const chunk of breaks ? chunks : [...chunks, ...ending])
      response.write(
        `data: ${JSON.stringify({ id: "up", object: "chat.completion.chunk", created: 1, model: "up", ...chunk })}\n\n`,
      );
    if (breaks) return setTimeout(() => response.destroy(), 20);
    response.end("data: [DONE]\n\n");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const ids: Record<string, string> = {};
  for (const { model, provider, price = 1_000_000n, endpoint, about } of served) {
    const [companySlug = ""] = model.split("/");
    await insertModel(db(), { slug: model, companySlug, name: model, contextLength: 20_000, ...about }, companySlug);
    await upsertProvider(db(), {
      slug: provider,
      name: provider.toUpperCase(),
      kind: "openai",
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${provider}/v1`,
      sealedApiKey: seal(`key of ${provider}`.replaceAll(" ", "-"), `providers.${provider}`),
    });
    const made = await upsertEndpoint(
      db(),
      {
        ...{ modelSlug: model, providerSlug: provider, upstreamModel: "up", contextLength: 20_000, maxOutput: 1_000 },
        ...endpoint,
      },
      { promptPico: price, completionPico: price * 2n },
    );
    ids[`${model} ${provider}`] = made.endpoint.id;
  }

  async function customer(credits = "10") {
    const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
    if (!user) throw new Error("no user");
    const { accountId } = user;
    await creditAccount(accountId, {
      amount: parseUsd(credits),
      kind: "adjustment",
      source: "test",
      sourceId: user.id,
    });
    const { key } = await mintKey({ accountId, name: "test" });
    return { accountId, key };
  }

  async function call(handler: ApiHandler, key: string, { body, headers = {}, path = "/", query = "" }: Call = {}) {
    const all: Record<string, string> = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      ...headers,
    };
    const reply = await handler({
      method: body === undefined ? "GET" : "POST",
      path,
      query: new URLSearchParams(query),
      header: (name) => all[name.toLowerCase()],
      text: async () => JSON.stringify(body),
      signal: new AbortController().signal,
    });
    let text = "";
    if (typeof reply.body === "string") text = reply.body;
    else for await (const piece of reply.body) text += piece;
    await settled();
    const stream = typeof reply.body !== "string";
    const events = stream ? [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = ""]) => JSON.parse(json)) : [];
    return { status: reply.status, headers: reply.headers, json: stream ? undefined : JSON.parse(text), events };
  }

  return {
    ...{ customer, call, ids, answers },
    /** What upstreams were sent since it was last asked. */
    sent: () => sent.splice(0),
    stop: async () => {
      await settled();
      server.closeAllConnections();
      server.close();
      await closeDatabase();
    },
  };
}
