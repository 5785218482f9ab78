import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, readWellEnded } from "../ask";
import { useFreshDatabase } from "../database";
import * as faults from "../faulty-upstream/faults";
import type { Fault } from "../faulty-upstream/start";
import { INPUT_TOKENS, OUTPUT_TOKENS, WIRE_NAMES } from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, OPERATOR_KEY, type Provider, type Served, startGateway } from "../gateway";

const WHOLE = "One two three";
const COST = BigInt(INPUT_TOKENS * 1_000 + OUTPUT_TOKENS * 2_000);

/** What goes wrong before the first word: another provider answers, and the caller sees nothing of it. */
const beforeTheFirstWord: Record<string, { fault: Provider; failure: string; whole?: string; streamOnly?: true }> = {
  "refuses the connection": { fault: "refuses the connection", failure: "transport" },
  "drops the connection": { fault: faults.dropsConnection, failure: "transport" },
  "does not speak HTTP": { fault: faults.notHttp, failure: "malformed" },
  "answers with HTML": { fault: faults.html, failure: "malformed" },
  "answers with nothing": { fault: faults.emptyBody, failure: "transport", whole: "malformed" },
  "answers with an end and no beginning": { fault: faults.nothingButEnd, failure: "transport", streamOnly: true },
  "answers a stream with JSON": { fault: faults.wrongType, failure: "malformed", streamOnly: true },
  "answers with half a JSON": { fault: faults.truncatedJson, failure: "malformed" },
  "answers with an error that has the status of a success": {
    fault: faults.errorWithOk,
    failure: "server",
    whole: "malformed",
  },
  "sends elsewhere": { fault: faults.redirects, failure: "malformed" },
  "answers with 64 MiB of nothing, packed": { fault: faults.gzipBomb, failure: "malformed" },
  "answers with a line of ten mebibytes": {
    fault: faults.longLine(10 * 1024 * 1024),
    failure: "malformed",
    streamOnly: true,
  },
  "dies before its first word": { fault: faults.diesAfter(0), failure: "transport", streamOnly: true },
  "is reset before its first word": { fault: faults.resetsAfter(0), failure: "transport", streamOnly: true },
  "ends before its first word": { fault: faults.endsAfter(0), failure: "transport", streamOnly: true },
  "tells an error before its first word": { fault: faults.tellsErrorAfter(0), failure: "server", streamOnly: true },
};

/** What goes wrong after the first words: the caller is told, in the stream, and is charged nothing. */
const afterTheFirstWords: Record<string, { fault: Fault; failure: string }> = {
  dies: { fault: faults.diesAfter(2), failure: "transport" },
  "is reset": { fault: faults.resetsAfter(2), failure: "transport" },
  "ends without saying why": { fault: faults.endsAfter(2), failure: "transport" },
  "tells an error": { fault: faults.tellsErrorAfter(2), failure: "server" },
  "sends half an event": { fault: faults.poisonAfter(2, 'data: {"choices":[{"del\n\n'), failure: "malformed" },
  "sends HTML": { fault: faults.poisonAfter(2, "data: <html>\n\n"), failure: "malformed" },
  "sends a list": { fault: faults.poisonAfter(2, "data: [1]\n\n"), failure: "malformed" },
};

const cases: (Served & { title: string; expected: { failure: string }; stream: boolean; late: boolean })[] = [];
for (const wire of WIRE_NAMES) {
  for (const [title, { fault, failure, whole, streamOnly }] of Object.entries(beforeTheFirstWord))
    for (const stream of streamOnly ? [true] : [true, false])
      cases.push({
        ...{ title: `${wire}: one that ${title}${stream ? "" : ", asked for the whole"}`, stream, late: false },
        ...{ model: `early-${cases.length}`, wire, expected: { failure: (!stream && whole) || failure } },
        providers: {
          [fault === "refuses the connection" ? `gone-${wire}` : `first-${wire}`]: fault,
          [`second-${wire}`]: faults.answers,
        },
      });
  for (const [title, { fault, failure }] of Object.entries(afterTheFirstWords))
    cases.push({
      ...{ title: `${wire}: one that ${title}`, stream: true, late: true },
      ...{ model: `late-${cases.length}`, wire, expected: { failure } },
      providers: { [`first-${wire}`]: fault, [`second-${wire}`]: faults.answers },
    });
}

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(await useFreshDatabase(), cases);
});
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

describe.concurrent("before the first word another provider answers, and the caller sees one clean answer", () => {
  test.each(cases.filter(({ late }) => !late))("$title", async ({ model, providers, expected, stream }) => {
    const [first = "", second = ""] = Object.keys(providers);
    const response = await ask(gateway, model, { stream, order: [first, second] });
    expect(response.status).toBe(200);
    const text = await response.text();
    if (stream) {
      expect(readWellEnded(text)).toMatchObject({ text: WHOLE, finish: "stop", error: undefined });
    } else {
      const { choices, provider } = JSON.parse(text);
      expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: WHOLE } });
      expect(provider).toBe(second);
    }
    const books = await gateway.books(response.headers.get("x-generation-id") ?? "");
    expect(books).toMatchObject({
      outcome: "completed",
      costNano: COST,
      usageSource: "provider",
      hold: "settled",
    });
    // It may have been asked once more, as far as the budget for that goes.
    expect([1, 2]).toContain(books.attempts.length);
    for (const attempt of books.attempts) expect(attempt).toMatchObject({ provider: first, ...expected });
  });
});

describe.concurrent("after the first words the caller is told in the stream, by whom and whether to try again, and pays nothing", () => {
  test.each(cases.filter(({ late }) => late))("$title", async ({ model, providers, expected }) => {
    const [first = "", second = ""] = Object.keys(providers);
    const response = await ask(gateway, model, { order: [first, second] });
    const text = await response.text();
    const said = readWellEnded(text);
    expect(said).toMatchObject({ text: "One two ", finish: "error" });
    expect(said.error).toMatchObject({
      code: 502,
      message: expect.stringContaining(first),
      metadata: {
        provider_name: first,
        failure: expected.failure,
        retryable: true,
        error_type: "provider_unavailable",
      },
    });
    expect(text).not.toContain(OPERATOR_KEY);
    expect(gateway.upstream.exchanges(second, model)).toHaveLength(0);
    const books = await gateway.books(response.headers.get("x-generation-id") ?? "");
    expect(books).toMatchObject({ outcome: "failed", costNano: 0n, error: "provider_unavailable", hold: "released" });
    expect(books.upstreamCostNano).toBeGreaterThan(0n);
  });
});
