import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { health } from "@/lib/health/endpoint-health";
import { ask, readWellEnded } from "./ask";
import { useFreshDatabase } from "./database";
import * as faults from "./faulty-upstream/faults";
import { INPUT_TOKENS, OUTPUT_TOKENS, WIRE_NAMES, WORDS } from "./faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, OPERATOR_KEY, type Provider, type Served, startGateway } from "./gateway";

const WHOLE = WORDS.join("");
const COST = BigInt(INPUT_TOKENS * 1_000 + OUTPUT_TOKENS * 2_000);

/** What an upstream does before its first word, and what follows from it. */
type Row = {
  does: Provider;
  failure: string;
  /** Whether the same endpoint is asked once more. */
  again?: true;
  /** Whether no other endpoint of the model is asked. */
  final?: true;
  /** What the caller gets where there is no other. */
  status: number;
  /** How the endpoint stands after it. */
  standing: "well" | "ailing" | "out";
  /** Seconds, as the caller is told them. */
  retryAfter?: string;
};

const server = { failure: "server", again: true, status: 502, standing: "ailing" } as const;
const throttled = { failure: "throttled", status: 429, standing: "out" } as const;
const credential = { failure: "credential", status: 502, standing: "out" } as const;
const malformed = { failure: "malformed", status: 502, standing: "ailing" } as const;
const limited = (retryAfter: string) => faults.refusesWith(429, { headers: { "retry-after": retryAfter } });

const rows: Record<string, Row> = {
  "refuses the connection": {
    ...{ does: "refuses the connection", failure: "transport", again: true, status: 502, standing: "ailing" },
  },
  "drops the connection before its head": {
    ...{ does: faults.dropsConnection, failure: "transport", again: true, status: 502, standing: "ailing" },
  },
  "is never connected": { does: "never connects", failure: "timeout", status: 504, standing: "ailing" },
  "sends no head": { does: faults.neverAnswers, failure: "timeout", status: 504, standing: "ailing" },
  "says no word": { does: faults.onlyHead, failure: "timeout", status: 504, standing: "ailing" },
  "says nothing, in many events": { does: faults.noise(20), failure: "timeout", status: 504, standing: "ailing" },
  "says nothing, in comments": { does: faults.noise(20, true), failure: "timeout", status: 504, standing: "ailing" },
  "limits the rate": { does: faults.refusesWith(429), ...throttled },
  "limits the rate for a second": { does: limited("1"), ...throttled, again: true, retryAfter: "1" },
  "limits the rate for 7 s": { does: limited("7"), ...throttled, retryAfter: "7" },
  "limits the rate for 0 s": { does: limited("0"), ...throttled, again: true, retryAfter: "1" },
  "limits the rate for a thousand million seconds": { does: limited("1000000000"), ...throttled, retryAfter: "60" },
  "limits the rate for -5 s": { does: limited("-5"), ...throttled },
  "limits the rate for a while": { does: limited("soon"), ...throttled },
  "limits the rate until a date long past": {
    ...{ does: limited("Wed, 21 Oct 2015 07:28:00 GMT"), ...throttled, again: true, retryAfter: "1" },
  },
  "limits the rate until a date far off": {
    ...{ does: limited("Wed, 21 Oct 2099 07:28:00 GMT"), ...throttled, retryAfter: "60" },
  },
  "limits the rate for 4,200 ms": {
    ...{ does: faults.refusesWith(429, { headers: { "retry-after-ms": "4200" } }), ...throttled, retryAfter: "5" },
  },
  "has no quota left": { does: faults.refusesWith(429, { word: "insufficient_quota" }), ...credential },
  "has no money left": { does: faults.refusesWith(402), ...credential },
  "refuses the operator's key (401)": { does: faults.refusesWith(401), ...credential },
  "refuses the operator's key (403)": { does: faults.refusesWith(403), ...credential },
  "refuses the content": {
    ...{ does: faults.refusesWith(403, { word: "content_policy_violation" }), failure: "moderation" },
    ...{ final: true, status: 403, standing: "well" },
  },
  "refuses the request (400)": {
    ...{ does: faults.refusesWith(400), failure: "invalid_request", final: true, status: 400, standing: "well" },
  },
  "refuses the request (422)": {
    ...{ does: faults.refusesWith(422), failure: "invalid_request", final: true, status: 400, standing: "well" },
  },
  "has too short a context": {
    ...{ does: faults.refusesWith(400, { word: "context_length_exceeded" }), failure: "context_length" },
    ...{ status: 400, standing: "well" },
  },
  "does not take a parameter": {
    ...{ does: faults.refusesWith(400, { word: "unsupported_parameter" }), failure: "unsupported_parameter" },
    ...{ status: 400, standing: "well" },
  },
  "does not know the model": { does: faults.refusesWith(404), failure: "misconfigured", status: 502, standing: "out" },
  "takes no body so large": { does: faults.refusesWith(413), failure: "too_large", status: 413, standing: "well" },
  "sends elsewhere (302)": { does: faults.redirects, ...malformed },
  "answers with HTML": { does: faults.html, ...malformed },
  "answers with another type": { does: faults.wrongType, ...malformed },
  "answers with an error as its first event": { does: faults.errorWithOk, ...server },
};
for (const status of [408, 409, 425, 500, 502, 504, 520, 521, 522, 523, 524])
  rows[`fails (${status})`] = { does: faults.refusesWith(status), ...server };
for (const status of [503, 529])
  rows[`is overloaded (${status})`] = {
    ...server,
    does: faults.refusesWith(status),
    failure: "overloaded",
    status: 503,
  };

/** Long enough for a busy machine to answer in, where an answer comes. */
const TIMEOUTS = { connectTimeoutMs: 1_500, headersTimeoutMs: 1_500, firstTokenTimeoutMs: 1_500 };

const prefixes: Record<string, string> = { "refuses the connection": "gone", "never connects": "mute" };

export const retryCases = WIRE_NAMES.flatMap((wire) =>
  Object.entries(rows).map(([title, row], at) => {
    const first = `${typeof row.does === "string" ? prefixes[row.does] : "first"}-${wire}`;
    return {
      ...row,
      title: `${wire}: one that ${title}`,
      wire,
      first,
      second: `second-${wire}`,
      name: `${wire}-${at}`,
    };
  }),
);

type Case = (typeof retryCases)[number];

/**
 * Holds rows of the table to what a gateway does over sockets: where the endpoint is the only one, and where there is
 * another.
 */
export function holdsFor({ alone, two }: { alone: Case[]; two: Case[] }): void {
  const served: Served[] = [...new Set([...alone, ...two])].flatMap(({ wire, first, second, name, does, failure }) => {
    const timeouts = failure === "timeout" ? TIMEOUTS : {};
    return [
      { model: `alone-${name}`, wire, providers: { [first]: does }, timeouts },
      { model: `two-${name}`, wire, providers: { [first]: does, [second]: faults.answers }, timeouts },
    ];
  });

  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway(await useFreshDatabase(), served, { retries: "always" });
  });
  afterAll(async () => {
    expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
  });

  const standing = async (model: string, provider: string) => {
    const [row] = await gateway.sql`
      select id from endpoints where model_slug = ${`test/${model}`} and provider_slug = ${provider}`;
    return health().standingOf({ id: row?.id, provider: {} });
  };

  describe.concurrent("alone, it is what the caller is told, in one JSON error", () => {
    test.each(alone)("$title", async ({ name, first, failure, again, status, standing: stands, retryAfter }) => {
      const model = `alone-${name}`;
      const response = await ask(gateway, model);
      const text = await response.text();
      expect(response.status, text).toBe(status);
      expect(response.headers.get("content-type")).toContain("application/json");
      expect(response.headers.get("retry-after")).toBe(retryAfter ?? null);
      const deterministic = status < 500 && status !== 429;
      expect(response.headers.get("x-should-retry")).toBe(deterministic ? "false" : null);
      expect(JSON.parse(text).error).toMatchObject({
        code: status,
        message: expect.stringContaining(first),
        metadata: { provider_name: first, failure },
      });
      expect(text).not.toContain(OPERATOR_KEY.slice(-8));
      if (!first.startsWith("gone") && !first.startsWith("mute"))
        expect(gateway.upstream.exchanges(first, model)).toHaveLength(again ? 2 : 1);
      expect(await standing(model, first)).toBe(stands);
      const books = await gateway.lastBooks(model);
      expect(books).toMatchObject({ outcome: "failed", costNano: 0n, upstreamCostNano: 0n, hold: "released" });
      expect(books.attempts).toHaveLength(again ? 1 : 0);
    });
  });

  describe.concurrent("where there is another endpoint, it answers in its place, unless that would refuse it as well", () => {
    test.each(two)("$title", async ({ name, first, second, failure, again, final, status }) => {
      const model = `two-${name}`;
      const response = await ask(gateway, model, { order: [first, second] });
      const text = await response.text();
      const books = await gateway.lastBooks(model);
      if (final) {
        expect(response.status).toBe(status);
        expect(gateway.upstream.exchanges(second, model)).toHaveLength(0);
        expect(books).toMatchObject({ outcome: "failed", costNano: 0n });
        return;
      }
      expect(readWellEnded(text)).toMatchObject({ text: WHOLE, finish: "stop", error: undefined });
      const attempt = { provider: first, failure };
      const attempts = again ? [attempt, attempt] : [attempt];
      expect(books).toMatchObject({ outcome: "completed", costNano: COST, attempts });
    });
  });
}
