import { beforeEach, expect, test } from "vitest";
import { ProviderError, type ProviderFailure } from "@/lib/errors";
import { makeHealth, type Watched } from "./endpoint-health";

const one: Watched = { id: "one", modelSlug: "test/one", provider: { slug: "acme", name: "Acme" } };
const failure = (kind: ProviderFailure, details: ConstructorParameters<typeof ProviderError>[3] = {}) =>
  new ProviderError("Acme", kind, "No.", details);

let now = 0;
let out: string[] = [];
let mended: string[] = [];
let health: ReturnType<typeof makeHealth>;

beforeEach(() => {
  now = 1_000_000;
  out = [];
  mended = [];
  health = makeHealth({
    now: () => now,
    random: () => 0.5,
    onOut: ({ id }, error) => out.push(`${id} ${error.failure}`),
    onMended: ({ id }) => mended.push(id),
  });
});

const asked = (kind?: ProviderFailure, details = {}) => {
  const trial = health.begin(one);
  if (!trial) return false;
  if (kind) trial.failed(failure(kind, details));
  else trial.answered(100);
  return true;
};
const times = (count: number, kind?: ProviderFailure) => {
  for (let at = 0; at < count; at++) asked(kind);
};
const circuit = () => health.report().find(({ id }) => id === "one")?.circuit;

test("an endpoint that nobody asked is well", () => {
  expect(health.standingOf(one)).toBe("well");
  expect(health.speedOf("one")).toEqual({});
});

test("the share of tries that failed is of the last five minutes, and a few tries say little", () => {
  expect(health.failedShareOf("one")).toBe(0);
  asked("timeout");
  expect(health.failedShareOf("one")).toBeLessThan(0.2);
  times(15);
  times(20);
  const mixed = health.failedShareOf("one");
  expect(mixed).toBeLessThan(0.05);
  expect(mixed).toBeGreaterThan(0);
  now += 6 * 60_000;
  expect(health.failedShareOf("one")).toBe(0);
});

test("of few requests the last one tells: one failure is an outage until it answers, or for half a minute", () => {
  asked("server");
  expect(health.standingOf(one)).toBe("ailing");
  now += 1_000;
  asked();
  expect(health.standingOf(one)).toBe("well");
  now += 1_000;
  asked("server");
  expect(health.standingOf(one)).toBe("ailing");
  now += 31_000;
  expect(health.standingOf(one)).toBe("well");
});

test("of many requests a fifth may fail before it is an outage", () => {
  times(16);
  times(4, "server");
  expect(health.standingOf(one)).toBe("well");
  asked("server");
  expect(health.standingOf(one)).toBe("ailing");
  times(4);
  expect(health.standingOf(one)).toBe("well");
});

test.each<[ProviderFailure, string]>([
  ["transport", "open"],
  ["timeout", "open"],
  ["overloaded", "open"],
  ["server", "open"],
  ["malformed", "open"],
  ["throttled", "closed"],
  ["context_length", "closed"],
  ["too_large", "closed"],
  ["unsupported_parameter", "closed"],
  ["moderation", "closed"],
  ["invalid_request", "closed"],
])("nine times %s in a row: the circuit is %s", (kind, state) => {
  times(9, kind);
  expect(circuit()).toBe(state);
});

test("while it is open nobody is let through; then one at a time, and the one that is answered closes it for all", () => {
  times(5, "server");
  expect([circuit(), asked(), health.standingOf(one)]).toEqual(["open", false, "out"]);
  now += 10_001;
  expect([circuit(), health.standingOf(one)]).toEqual(["half-open", "well"]);
  const probe = health.begin(one);
  expect([health.begin(one), health.standingOf(one)]).toEqual([undefined, "out"]);
  probe?.answered(50);
  expect([circuit(), asked(), asked()]).toEqual(["closed", true, true]);
  expect(mended).toEqual([]);
  // What was before is no reason to open it again.
  times(2, "server");
  expect(circuit()).toBe("closed");
});

test("a probe that fails opens it for twice as long, and one that teaches nothing makes room for the next", () => {
  times(5, "server");
  now += 10_001;
  health.begin(one)?.dropped();
  asked("invalid_request");
  expect([circuit(), asked("server")]).toEqual(["half-open", true]);
  now += 19_999;
  expect(circuit()).toBe("open");
  now += 2;
  expect(circuit()).toBe("half-open");
});

test("ten failures in a row open it, however many it answered before it went down; one answer among them begins the row anew", () => {
  times(500);
  times(9, "server");
  asked();
  times(9, "timeout");
  expect(circuit()).toBe("closed");
  asked("server");
  expect(circuit()).toBe("open");
});

test("a trial is heard once: what comes later changes nothing", () => {
  times(5, "server");
  now += 10_001;
  const probe = health.begin(one);
  probe?.answered(5);
  probe?.failed(failure("server"));
  probe?.dropped();
  expect(circuit()).toBe("closed");
  expect(health.report()[0]?.windows["5m"]).toMatchObject({ answered: 1, failed: 5 });
});

test("three connections that fail in a row open it, and an answer in between begins the row anew", () => {
  times(50);
  times(2, "transport");
  asked();
  times(2, "transport");
  expect(circuit()).toBe("closed");
  asked("timeout", { phase: "connect" });
  expect(circuit()).toBe("open");
});

test("an answer that breaks off counts as a failure, and no longer as an answer", () => {
  times(4);
  for (let count = 0; count < 4; count++) health.brokeOff(one, failure("transport"));
  expect(health.report()[0]?.windows["30s"]).toMatchObject({ answered: 0, failed: 4, successRate: 0 });
  times(1);
  health.brokeOff(one, failure("transport"));
  expect(circuit()).toBe("open");
});

test("a provider that limits the rate is left alone for as long as it says, and for a little where it says nothing", () => {
  asked("throttled", { retryAfter: 30 });
  expect([asked(), health.standingOf(one), circuit()]).toEqual([false, "out", "closed"]);
  expect(health.waitFor("one")).toEqual({ milliseconds: 30_000, throttled: true });
  now += 29_999;
  expect(asked()).toBe(false);
  now += 1;
  expect([health.standingOf(one), asked()]).toEqual(["well", true]);
  asked("throttled");
  expect(health.waitFor("one").milliseconds).toBe(5_000);
});

test("the operator's report says whether an endpoint is left alone, and why", () => {
  expect(health.report()).toEqual([]);
  asked();
  const one = { id: "one", circuit: "closed", throttled: false, windows: { "30s": { answered: 1, failed: 0 } } };
  expect(health.report()).toMatchObject([one]);
  asked("throttled", { retryAfter: 30 });
  expect(health.report()).toMatchObject([{ ...one, throttled: true }]);
  now += 30_000;
  times(9, "server");
  expect(health.report()).toMatchObject([{ circuit: "open", throttled: false }]);
});

test("where nobody else is left it is asked all the same: throttled by one at a time, broken by a few", () => {
  asked("throttled", { retryAfter: 30 });
  const only = health.beginRegardless(one);
  expect(health.beginRegardless(one)).toBeUndefined();
  only?.answered(5);
  expect(asked()).toBe(true);
  times(9, "server");
  const few = Array.from({ length: 12 }, () => health.beginRegardless(one)).filter(Boolean);
  expect(few).toHaveLength(10);
  few[0]?.failed(failure("server"));
  expect(circuit()).toBe("open");
  few[1]?.answered(5);
  expect(circuit()).toBe("closed");
});

test("the operator's refused key, and a name that nobody knows there, put it out at once and are told", () => {
  asked("credential");
  expect([circuit(), out]).toEqual(["open", ["one credential"]]);
  now += 299_000;
  expect(circuit()).toBe("open");
  now += 1_001;
  asked("misconfigured");
  expect([circuit(), out]).toEqual(["open", ["one credential", "one misconfigured"]]);
});

const withKey = (mark: string): Watched => ({ ...one, provider: { ...one.provider, credential: { mark } } });

test("an endpoint that refused the operator's key is asked at once when there is another key, and answering resolves the alert", () => {
  health.begin(withKey("old"))?.failed(failure("credential"));
  expect([health.standingOf(withKey("old")), health.begin(withKey("old"))]).toEqual(["out", undefined]);
  expect(health.standingOf(withKey("new"))).toBe("well");
  const trials = [health.begin(withKey("new")), health.begin(withKey("new"))];
  expect(mended).toEqual([]);
  for (const trial of trials) trial?.answered(50);
  expect([circuit(), mended]).toEqual(["closed", ["one"]]);
  health.begin(withKey("new"))?.failed(failure("credential"));
  expect([health.standingOf(withKey("new")), out.length]).toEqual(["out", 2]);
});

test("another key is no cure for what is not the key's fault", () => {
  const trials = Array.from({ length: 5 }, () => health.begin(withKey("old")));
  for (const trial of trials) trial?.failed(failure("server"));
  expect(health.standingOf(withKey("new"))).toBe("out");
  now += 20_000;
  health.begin(withKey("old"))?.failed(failure("misconfigured"));
  expect(health.standingOf(withKey("new"))).toBe("out");
});

test("what began before the key was refused and is answered after it says nothing of the key", () => {
  const earlier = health.begin(withKey("old"));
  health.begin(withKey("old"))?.failed(failure("credential"));
  earlier?.answered(50);
  expect([circuit(), mended]).toEqual(["open", []]);
});

test("an unknown name at an endpoint that answers others is of the caller's making, and puts out nothing", () => {
  asked();
  asked("misconfigured");
  expect([circuit(), out]).toEqual(["closed", []]);
  asked("credential");
  expect(circuit()).toBe("open");
});

test("its speed is told by percentiles of the last five minutes, its success by three windows", () => {
  for (const seconds of [1, 2, 3, 4]) health.begin(one)?.answered(seconds * 1_000);
  health.begin(one)?.answered(undefined);
  for (const speed of [10, 20, 40]) health.noteThroughput("one", speed);
  asked("server");
  const { latency, throughput } = health.speedOf("one");
  expect(latency?.p50).toBeCloseTo(2, 0);
  expect(latency?.p99).toBeCloseTo(4, 0);
  expect(throughput?.p50).toBeCloseTo(20, -0.5);
  expect(throughput?.p99).toBeCloseTo(10, 0);
  now += 60_000;
  const [report] = health.report();
  expect(report?.windows["30s"]).toMatchObject({ answered: 0, failed: 0, successRate: null });
  expect(report?.windows["5m"]).toMatchObject({ answered: 5, failed: 1 });
  now += 241_000;
  expect(health.speedOf("one")).toEqual({ latency: undefined, throughput: undefined });
  expect(health.report()[0]?.windows["30m"].successRate).toBeCloseTo(5 / 6);
  now += 1_800_000;
  expect(health.report()[0]?.windows["30m"].answered).toBe(0);
});
