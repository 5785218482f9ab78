import { describe, expect, test } from "vitest";
import { booksFaults } from "../../bench/books.mjs";
import { floorsBroken } from "../../bench/floors.mjs";
import type { Load } from "../../bench/load/drive.mjs";
import { readOptions } from "../../bench/options.mjs";
import { canMeasure, cpuNanoseconds, processTree, residentKilobytes } from "../../bench/process-usage.mjs";
import { measureScenario, median, type Target, type Worker } from "../../bench/rounds.mjs";
import { chooseScenarios } from "../../bench/scenarios.mjs";
import { judgeFigures } from "../../bench/verdict.mjs";

describe.runIf(canMeasure)("the use of the machine", () => {
  test("sees the CPU time of its own process", () => {
    const [before, known] = [cpuNanoseconds([process.pid]), process.cpuUsage()];
    const until = process.cpuUsage().user + 60_000;
    while (process.cpuUsage().user < until);
    const used = process.cpuUsage(known);
    const seen = (cpuNanoseconds([process.pid]) - before) / 1000;
    expect(seen).toBeGreaterThan(50_000);
    expect(Math.abs(seen - used.user - used.system)).toBeLessThan(20_000);
  });

  test("sees memory, descendants, and nothing of a process that is gone", () => {
    expect(residentKilobytes([process.pid])).toBeGreaterThan(20_000);
    expect(processTree(process.ppid)).toContain(process.pid);
    expect(cpuNanoseconds([2 ** 30])).toBe(0);
  });
});

describe("the rounds", () => {
  const [scenario] = chooseScenarios({ only: ["paced"], full: false, quick: false });
  if (!scenario) throw new Error("no scenario");
  const target = (name: string): Target => ({
    name,
    answersIn: "openai",
    tally: { requests: 0, tokens: 0, errors: 0 },
    call: () => ({ url: name, headers: {}, body: {} }),
    charged: () => ({}),
  });
  /** A generator that sends nothing, and says of each load how many answers were wrong. */
  const benchWith = (errorsOf: (url: string, requests: number) => number, arrivals = 1) => {
    const asked: string[] = [];
    const requests = { openai: 0 };
    const worker = (call: Worker["call"]): Worker => ({ pid: 0, call, stop: async () => {} });
    const generator = worker(async (_, given) => {
      const load = given as Load;
      asked.push(load.call.url);
      requests.openai += load.requests * arrivals;
      const errors = errorsOf(load.call.url, load.requests);
      return { sent: load.requests, errors, faults: errors > 0 ? { wrong: errors } : {}, totalP50: asked.length };
    });
    return { asked, bench: { upstream: worker(async () => structuredClone({ requests })), generator } };
  };

  test("take turns, each run after its warm-up, and count every request", async () => {
    const { asked, bench } = benchWith(() => 0);
    const targets = [target("a"), target("b")];
    const results = await measureScenario(bench, scenario, targets, 2);
    expect(asked.join("")).toBe("aabbaabb");
    expect(results.map(({ median }) => median.totalP50)).toEqual([4, 6]);
    expect(targets[0]?.tally).toEqual({
      requests: 200 + 128 + 20 + 128,
      tokens: (200 + 128 + 20 + 128) * 100,
      errors: 0,
    });
  });

  test("ask a target that answers nothing right once, and keep its faults", async () => {
    const { asked, bench } = benchWith((url, requests) => (url === "a" ? requests : 0));
    const [hopeless] = await measureScenario(bench, scenario, [target("a"), target("b")], 3);
    expect(asked.join("")).toBe("abbbbbb");
    expect(hopeless?.median).toMatchObject({ errors: 200, faults: { wrong: 200 } });
  });

  test.each([0, 2])("take a request that came to the upstream %i times for wrong", async (arrivals) => {
    const { bench } = benchWith(() => 0, arrivals);
    const [result] = await measureScenario(bench, scenario, [target("a")], 1);
    expect(result?.median.errors).toBe(200);
    expect(Object.keys(result?.median.faults ?? {})).toEqual([expect.stringContaining("did not come")]);
  });

  test("count what was wrong in a warm-up too", async () => {
    const { bench } = benchWith((_, requests) => (requests === 200 ? 3 : 0));
    const [result] = await measureScenario(bench, scenario, [target("a")], 2);
    expect(result?.median).toMatchObject({ errors: 3, faults: { wrong: 3 } });
  });
});

describe("the verdict", () => {
  const books = { completed: 10, others: 2, outputTokens: 100, charged: "0.1", openHolds: 0 };

  test("asks that every request was settled and every token billed", () => {
    expect(booksFaults(books, { requests: 12, tokens: 100, errors: 0 })).toEqual([]);
    expect(booksFaults(books, { requests: 13, tokens: 100, errors: 0 })).toHaveLength(1);
    expect(booksFaults(books, { requests: 12, tokens: 99, errors: 0 })).toHaveLength(1);
    expect(booksFaults({ ...books, openHolds: 1 }, { requests: 12, tokens: 100, errors: 0 })).toHaveLength(1);
  });

  test("fails a ratio above its limit, and one that was not measured", () => {
    const [scenario] = chooseScenarios({ only: ["json-1"], full: false, quick: false });
    if (!scenario) throw new Error("no scenario");
    const result = (name: string, cpuPerRequest?: number) => {
      const figures = { sent: 1, errors: 0, faults: {}, cpuPerRequest };
      return { name, rounds: [figures], median: figures };
    };
    const broken = (cpu?: number) =>
      floorsBroken(
        [{ scenario, results: [result("bare proxy", 100), result("gateway", cpu)] }],
        { "json-1": { figure: "cpuPerRequest", most: 5 } },
        "gateway",
      );
    expect(broken(500)).toEqual([]);
    expect(broken(501)).toEqual([expect.stringContaining("5.01 times")]);
    expect(broken(undefined)).toEqual([expect.stringContaining("not measured")]);
  });

  test("fails wrong answers of the gateway and of the bare proxy, and only shows another's", () => {
    const [scenario] = chooseScenarios({ only: ["json-1"], full: false, quick: false });
    if (!scenario) throw new Error("no scenario");
    const results = ["bare proxy", "gateway", "another"].map((name) => {
      const figures = { sent: 9, errors: 2, faults: { wrong: 2 } };
      return { name, rounds: [figures], median: figures };
    });
    expect(judgeFigures([{ scenario, results }], "gateway", false)).toEqual([
      "json-1: 2 wrong answers from bare proxy",
      "json-1: 2 wrong answers from gateway",
    ]);
  });

  test("takes medians", () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  });

  test("reads its options, and names what is wrong with them", () => {
    const { peers } = readOptions([
      "--target",
      "other=http://127.0.0.1:8787/v1,key,gpt-4o-mini,77",
      "--target-header",
      "other=x-provider:openai",
    ]);
    const headers = { "x-provider": "openai" };
    expect(peers).toEqual([
      { name: "other", baseUrl: "http://127.0.0.1:8787/v1", key: "key", model: "gpt-4o-mini", pid: 77, headers },
    ]);
    expect(() => readOptions(["--target", "other"])).toThrow("NAME=URL,KEY,MODEL");
    expect(() => readOptions(["--rounds", "0"])).toThrow("--rounds");
    expect(() => chooseScenarios({ only: ["none"], full: false, quick: false })).toThrow('"none"');
  });
});
