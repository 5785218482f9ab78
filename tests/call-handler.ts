import { randomUUID } from "node:crypto";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import type { ApiHandler } from "@/lib/http/api-handler";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";

/** A user of the test's own database with so many dollars, and a key. */
export async function newCustomer(credits = "10") {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  if (credits !== "0")
    await creditAccount(accountId, {
      ...{ amount: parseUsd(credits), kind: "adjustment" as const, source: "test", sourceId: user.id },
    });
  return { accountId, key: (await mintKey({ accountId, name: "test" })).key };
}

type Call = { body?: unknown; headers?: Record<string, string>; query?: string; path?: string };

/** Calls a handler of the API without a socket; a stream is read to its end. */
export async function callHandler(
  handler: ApiHandler,
  key: string,
  { body, headers = {}, query = "", path = "/" }: Call = {},
) {
  const sent: Record<string, string> = { authorization: `Bearer ${key}`, ...headers };
  const reply = await handler({
    method: "POST",
    path,
    query: new URLSearchParams(query),
    header: (name) => sent[name.toLowerCase()],
    text: async () => JSON.stringify(body),
    signal: new AbortController().signal,
  });
  let text = "";
  if (typeof reply.body === "string") text = reply.body;
  else for await (const piece of reply.body) text += piece;
  // biome-ignore lint/suspicious/noExplicitAny: an answer of the API, read field by field
  const json: any = typeof reply.body === "string" ? JSON.parse(text) : undefined;
  return { status: reply.status, headers: reply.headers, text, json };
}
