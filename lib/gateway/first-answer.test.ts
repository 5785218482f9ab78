import { describe, expect, test, vi } from "vitest";
import type { Attempt } from "@/db/schema";
import { type AppError, ProviderError, type ProviderFailure } from "@/lib/errors";
import { makeBudget } from "@/lib/health/budget";
import { makeHealth } from "@/lib/health/endpoint-health";
import type { Model } from "@/lib/models/catalogue";
import { endpointNamed } from "@/lib/models/endpoint-named";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { deadlinesOf } from "@/lib/providers/deadlines";
import { callOf } from "@/lib/providers/testing/calls";
import { type Asking, firstAnswer } from "./first-answer";
import { hedgeBudget } from "./hedge";
import type { OwnKey } from "./own-keys";
import type { Stop } from "./plan-route";

const stop = (tag: string, modelSlug: string, own?: OwnKey): Stop => ({
  ...endpointNamed(tag, { modelSlug }),
  model: {} as Model,
  own,
});
const stops = [stop("a", "test/one"), stop("b", "test/one"), stop("c", "test/two"), stop("d", "test/two")];

type Kind = ProviderFailure | "silence" | [ProviderFailure, retryAfter: number];
/** How an endpoint fails, time after time; after the last of them it answers. */
type Script = Record<string, Kind | Kind[]>;
type Settings = Partial<Pick<Asking, "health" | "retries" | "caller" | "signal" | "hedge" | "hedges">> & {
  route?: Stop[];
  firstToken?: number;
};

const serverFailure = () => new ProviderError("a", "server", "No.");
const plenty = () => makeBudget({ share: 1, floor: 100, windowMs: 10_000 });

async function answered(script: Script, { route = stops, firstToken = 60_000, ...settings }: Settings = {}) {
  const opened: string[] = [];
  const attempts: Attempt[] = [];
  const open = async function* ({ id }: Stop, signal: AbortSignal): AsyncGenerator<ChatChunk> {
    const turn = opened.filter((one) => one === id).length;
    opened.push(id);
    const kinds = [script[id] ?? []].flat(Array.isArray(script[id]) && isPair(script[id]) ? 0 : 1) as Kind[];
    const kind = kinds[turn];
    if (kind === "silence")
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    else if (kind) {
      const [failure, retryAfter] = Array.isArray(kind) ? kind : [kind];
      throw new ProviderError(id, failure, "No.", { retryAfter });
    }
    yield { choices: [{ index: 0, delta: { content: "Yes." }, finish_reason: null, native_finish_reason: null }] };
  };
  const usual = deadlinesOf(callOf({ stream: true }));
  const answer = await firstAnswer(route, {
    open,
    deadlines: () => ({ ...usual, firstToken }),
    streamed: true,
    signal: new AbortController().signal,
    caller: new AbortController().signal,
    attempts,
    health: makeHealth(),
    retries: plenty(),
    hedges: plenty(),
    random: () => 0,
    ...settings,
  }).catch((error: AppError) => error);
  if ("endpoint" in answer) answer.watch.stop();
  return { opened: opened.join(""), answer: "endpoint" in answer ? answer.endpoint.id : answer, attempts };
}

const isPair = (kind: Script[string] | undefined): kind is [ProviderFailure, number] =>
  Array.isArray(kind) && typeof kind[1] === "number";

/** The table of what follows from which failure: asked again there, and asked elsewhere, of the same model and of others. */
test.each<[Kind, opened: string]>([
  ["transport", "aab"],
  ["timeout", "ab"],
  [["throttled", 1], "aab"],
  [["throttled", 3], "ab"],
  ["throttled", "ab"],
  ["overloaded", "aab"],
  ["server", "aab"],
  ["malformed", "ab"],
  ["credential", "ab"],
  ["misconfigured", "ab"],
  ["context_length", "ab"],
  ["too_large", "ab"],
  ["unsupported_parameter", "ab"],
  ["moderation", "ac"],
  ["invalid_request", "ac"],
])("an endpoint that fails with %j, and fails so again: asked are %s", async (kind, opened) => {
  const script: Script = { a: [kind, kind] };
  const { opened: all, answer, attempts } = await answered(script);
  expect([all, answer]).toEqual([opened, opened.at(-1)]);
  const failure = Array.isArray(kind) ? kind[0] : kind;
  expect(attempts.map((attempt) => [attempt.provider, attempt.failure])).toEqual(
    [...opened.slice(0, -1)].map((id) => [id, failure]),
  );
});

test("an endpoint that answers when it is asked again is the one that answers, and the first try is recorded", async () => {
  const { opened, answer, attempts } = await answered({ a: ["server"] });
  expect([opened, answer]).toEqual(["aa", "a"]);
  expect(attempts).toMatchObject([{ provider: "a", model: "test/one", failure: "server" }]);
});

test("after a provider's failure the next endpoint is asked, whichever model's it is", async () => {
  const { opened, answer, attempts } = await answered({ a: "malformed", b: "timeout" });
  expect({ opened, answer }).toEqual({ opened: "abc", answer: "c" });
  expect(attempts).toMatchObject([
    { provider: "a", model: "test/one", failure: "malformed" },
    { provider: "b", model: "test/one", failure: "timeout" },
  ]);
});

test("what one provider refuses as the caller's fault is asked of no other of the same model, but of the next model", async () => {
  expect(await answered({ a: "malformed", b: "invalid_request" })).toMatchObject({ opened: "abc", answer: "c" });
  const refused = await answered({ a: "moderation", c: "moderation" });
  expect(refused).toMatchObject({ opened: "ac", answer: { failure: "moderation" } });
  expect(refused.answer).toMatchObject({ metadata: { previous_errors: [{ provider: "a", failure: "moderation" }] } });
});

test("where the budget is spent the next endpoint is asked at once", async () => {
  const retries = makeBudget({ share: 0, floor: 1, windowMs: 10_000 });
  expect((await answered({ a: ["server"] }, { retries })).opened).toBe("aa");
  expect((await answered({ a: ["server"] }, { retries })).opened).toBe("ab");
});

test("an endpoint is asked again no later than its first word would be waited for", async () => {
  expect((await answered({ a: [["throttled", 1]] }, { firstToken: 1_000 })).opened).toBe("ab");
});

test("the wait before an endpoint is asked again is the provider's where it names one, and short where it does not", async () => {
  const took = async (script: Script) => {
    const startedAt = performance.now();
    expect((await answered(script)).opened).toBe("aa");
    return performance.now() - startedAt;
  };
  expect(await took({ a: [["throttled", 1]] })).toBeGreaterThan(1_090);
  expect(await took({ a: ["overloaded"] })).toBeLessThan(250);
});

test("an endpoint that says nothing is given up at its deadline, and the next is asked", async () => {
  const { opened, answer, attempts } = await answered({ a: "silence" }, { firstToken: 50 });
  expect([opened, answer]).toEqual(["ab", "b"]);
  expect(attempts).toMatchObject([{ provider: "a", failure: "timeout", phase: "first_token" }]);
  expect(attempts[0]?.ms).toBeGreaterThanOrEqual(45);
});

test("for a caller who went away nothing more is tried", async () => {
  const gone = AbortSignal.abort();
  expect((await answered({ a: "server" }, { caller: gone })).opened).toBe("a");
});

test("a caller who hangs up while an endpoint is silent, or before it is asked again, gets his own reason back", async () => {
  for (const script of [{ a: "silence" }, { a: [["throttled", 2]] }] as Script[]) {
    const hangUp = new AbortController();
    const reason = new Error("gone");
    setTimeout(() => hangUp.abort(reason), 50);
    expect(await answered(script, { signal: hangUp.signal })).toMatchObject({ opened: "a", answer: reason });
  }
});

test("an endpoint whose circuit is open is passed over, and not asked again once its circuit opens", async () => {
  const health = makeHealth();
  for (let failures = 0; failures < 5; failures++) health.begin(stops[0] as Stop)?.failed(serverFailure());
  expect((await answered({}, { health })).opened).toBe("b");
  for (let failures = 0; failures < 4; failures++) health.begin(stops[1] as Stop)?.failed(serverFailure());
  expect((await answered({ b: ["server"] }, { health })).opened).toBe("bc");
});

test("where every circuit is open the one that opens soonest is asked all the same, and closes it when it answers", async () => {
  const health = makeHealth({ random: () => 0 });
  health.begin(stops[0] as Stop)?.failed(new ProviderError("a", "credential", "No."));
  for (let failures = 0; failures < 5; failures++)
    health.begin(stops[1] as Stop)?.failed(new ProviderError("b", "server", "No."));
  const route = stops.slice(0, 2);
  expect(await answered({ b: "malformed" }, { health, route })).toMatchObject({
    opened: "b",
    answer: { failure: "malformed" },
  });
  expect((await answered({}, { health, route })).answer).toBe("b");
  expect(health.standingOf(stops[1] as Stop)).not.toBe("out");
});

test("where all limit the rate the caller gets 429 with the least wait, whoever was asked last", async () => {
  const route = stops.slice(0, 2);
  const health = makeHealth();
  const both = await answered({ a: [["throttled", 7]], b: [["throttled", 30]] }, { route, health });
  expect(both).toMatchObject({ opened: "ab", answer: { status: 429, retryAfter: 7 } });
  // The next caller is not sent to them; but one at a time is, to see whether they still do.
  const next = await answered({ a: [["throttled", 9]] }, { route, health });
  expect(next).toMatchObject({ opened: "a", answer: { status: 429, retryAfter: 9 } });
  const trying = health.beginRegardless(stops[0] as Stop);
  const other = await answered({}, { route, health });
  expect(other).toMatchObject({ opened: "", answer: { status: 429, retryAfter: expect.any(Number) } });
  expect((other.answer as AppError).retryAfter).toBeLessThanOrEqual(9);
  trying?.dropped();
});

test("where one limits the rate and another is broken, the last failure is what the caller gets", async () => {
  const route = stops.slice(0, 2);
  expect(await answered({ a: [["throttled", 7]], b: "malformed" }, { route })).toMatchObject({
    answer: { status: 502, retryAfter: undefined },
  });
  expect(await answered({ a: "malformed", b: [["throttled", 7]] }, { route })).toMatchObject({
    answer: { status: 429, retryAfter: 7 },
  });
});

test("where every circuit is open ten callers at once may try, and who finds no room is told when to come again", async () => {
  const health = makeHealth({ random: () => 0 });
  const route = stops.slice(0, 1);
  for (let failures = 0; failures < 5; failures++) health.begin(stops[0] as Stop)?.failed(serverFailure());
  const [hangUp, caller] = [new AbortController(), new AbortController()];
  const trying = Array.from({ length: 10 }, () =>
    answered({ a: "silence" }, { health, route, signal: hangUp.signal, caller: caller.signal }),
  );
  const { opened, answer } = await answered({}, { health, route });
  expect({ opened, answer }).toMatchObject({ opened: "", answer: { status: 503, retryAfter: expect.any(Number) } });
  hangUp.abort(new Error("gone"));
  expect((await Promise.all(trying)).map(({ opened }) => opened)).toEqual(Array(10).fill("a"));
  expect(await answered({}, { health, route })).toMatchObject({ opened: "a", answer: "a" });
});

describe("a first word that is late", () => {
  const late = () => ({ ...makeHealth(), lateAfter: () => 5 });
  const silent: Script = { a: "silence" };
  const raced = (settings: Settings, script = silent) =>
    answered(script, { health: late(), hedge: true, firstToken: 60, ...settings });

  test("lets the next endpoint of the model be asked beside it, and whoever speaks is the answer", async () => {
    expect(await raced({})).toMatchObject({ opened: "ab", answer: "b", attempts: [{ failure: "hedged" }] });
    expect(await raced({ hedge: false })).toMatchObject({ attempts: [{ failure: "timeout" }] });
  });

  test("is waited for where it is a caller's own key that is asked, and none of his keys is asked beside another", async () => {
    const own = { note: () => {} } as unknown as OwnKey;
    const [shared, ...others] = [stop("b", "test/one"), stop("c", "test/one")];
    const first = await raced({ route: [stop("a", "test/one", own), shared, ...others] });
    expect(first).toMatchObject({ opened: "ab", attempts: [{ provider: "a", failure: "timeout" }] });
    const beside = await raced({ route: [stop("a", "test/one"), stop("d", "test/one", own), shared] });
    expect(beside).toMatchObject({ opened: "ab", answer: "b", attempts: [{ provider: "a", failure: "hedged" }] });
    const alone = await raced({ route: [stop("a", "test/one"), stop("d", "test/one", own)] });
    expect(alone).toMatchObject({ opened: "ad", answer: "d", attempts: [{ provider: "a", failure: "timeout" }] });
  });

  test("is raced for one request in twenty, whatever else is late", async () => {
    const hedges = hedgeBudget();
    const tried: string[] = [];
    for (let requests = 0; requests < 100; requests++) {
      const { attempts } = await raced({ hedges, firstToken: 10 });
      tried.push(attempts[0]?.failure ?? "");
    }
    expect(tried.filter((failure) => failure === "hedged")).toHaveLength(5);
    expect(tried.indexOf("hedged")).toBe(19);
  });
});

test("what a caller's own key meets is noted of the key, says nothing of the endpoint, and is not held back by it", async () => {
  const note = vi.fn();
  const own = { note } as unknown as OwnKey;
  const route = [stop("a", "test/one", own), stop("b", "test/one")];
  const health = makeHealth();
  await answered({ a: ["timeout"] }, { route, health });
  expect(note.mock.calls).toEqual([["timeout"]]);
  expect(health.report().map(({ id }) => id)).toEqual(["b"]);
  for (let failures = 0; failures < 5; failures++)
    health.begin(stops[0] as Stop)?.failed(new ProviderError("a", "server", "No."));
  expect(health.standingOf(stops[0] as Stop)).toBe("out");
  expect((await answered({}, { route, health })).opened).toBe("a");
  expect(note.mock.lastCall).toEqual([null]);
});

test("a key of the caller's that cannot be read fails like one that is refused: the next is asked", async () => {
  const own = { note: () => {} } as unknown as OwnKey;
  const route = [stop("a", "test/one", own), stop("b", "test/one")];
  const unreadable = new ProviderError("a", "credential", "The key cannot be read.");
  const answer = await firstAnswer(route, {
    open: ({ id }) => {
      if (id === "a") throw unreadable;
      return (async function* () {
        yield { choices: [{ index: 0, delta: { content: "b" }, finish_reason: null, native_finish_reason: null }] };
      })();
    },
    deadlines: () => deadlinesOf(callOf({ stream: true })),
    ...{ streamed: true, attempts: [], health: makeHealth(), retries: plenty() },
    ...{ signal: new AbortController().signal, caller: new AbortController().signal },
  });
  answer.watch.stop();
  expect(answer.endpoint.id).toBe("b");
});
