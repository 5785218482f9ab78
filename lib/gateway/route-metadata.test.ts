import { expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import type { Model } from "@/lib/models/catalogue";
import { endpointNamed } from "@/lib/models/endpoint-named";
import type { Route, Stop } from "./plan-route";
import { failedRouteMetadata, routeMetadata, routeRecord } from "./route-metadata";

const stop = (tag: string): Stop => ({ ...endpointNamed(tag), model: {} as Model });
const route = (excluded: number) =>
  ({
    endpoints: [stop("alpha/turbo"), { ...stop("beta"), own: {} }],
    excluded: Array.from({ length: excluded }, (_, at) => ({ provider: `p${at}`, model: "test/one", by: "zdr" })),
  }) as unknown as Route;

test("the log keeps the first twenty that were excluded, and how many more there were", () => {
  const { excluded, more } = routeRecord(["test/one"], route(23), undefined);
  expect([excluded.length, excluded[0]?.provider, more]).toEqual([20, "p0", 3]);
  expect(routeRecord(["test/one"], route(20), undefined)).not.toHaveProperty("more");
});

test.each([
  [["test/one"], "direct"],
  [["test/one:nitro"], "direct"],
  [["test/one@preset/mine"], "direct"],
  [["@preset/mine"], "alias"],
  [["one-of-old"], "alias"],
  [["~test/one-latest"], "latest"],
  [["test/two", "test/one"], "fallback"],
  [["openrouter/auto"], "auto"],
])("%j is found by: %s", (names, strategy) => {
  expect(routeRecord(names, route(0), "a preset")).toEqual({
    strategy,
    considered: [
      { provider: "alpha/turbo", model: "test/one" },
      { provider: "beta", model: "test/one", byok: true },
    ],
    excluded: [],
    preset: "a preset",
  });
});

test("an endpoint that is asked again is another attempt: more of them than endpoints is no contradiction", () => {
  const failed = { provider: "alpha", model: "test/one", failure: "server", status: 500, ms: 1 };
  const told = { names: ["test/one"], route: route(1), attempts: [failed, failed, failed] };
  const { summary, attempt, attempts } = routeMetadata({ ...told, answering: stop("beta") });
  expect([summary, attempt, attempts.length]).toEqual([
    "BETA answered for test/one, at attempt 4; endpoints to try: 2, excluded: 1.",
    4,
    4,
  ]);
  const none = failedRouteMetadata(new AppError("timeout", "Late."), told, stop("beta"));
  expect(none.summary).toBe("None answered, in 4 attempts; endpoints to try: 2, excluded: 1.");
});
