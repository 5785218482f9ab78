import { expect, test } from "vitest";
import { deadlinesOf } from "./deadlines";
import { callOf } from "./testing/calls";

test.each([
  ["a stream", { stream: true }, {}, { headers: 60_000, idle: 60_000 }],
  ["a stream with reasoning", { stream: true, reasoning: { effort: "high" } }, {}, { headers: 300_000, idle: 300_000 }],
  [
    "a stream without reasoning",
    { stream: true, reasoning: { effort: "none" } },
    {},
    { headers: 60_000, idle: 60_000 },
  ],
  ["a model that thinks unasked", { stream: true }, { mayThink: true }, { headers: 300_000, idle: 300_000 }],
  [
    "a model that never thinks",
    { stream: true, reasoning: { effort: "high" } },
    { mayThink: false },
    { headers: 60_000, idle: 60_000 },
  ],
  ["a whole answer, which has no beginning before its end", { stream: false }, {}, { headers: 600_000, idle: 60_000 }],
  ["an endpoint with its own", { stream: true }, { deadlines: { headers: 5 } }, { headers: 5, idle: 60_000 }],
])("the deadlines of %s", (_, body, more, expected) => {
  expect(deadlinesOf(callOf(body, "m", more))).toEqual(expected);
});
