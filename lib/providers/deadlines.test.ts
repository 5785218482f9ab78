import { expect, test } from "vitest";
import { deadlinesOf } from "./deadlines";
import { callOf } from "./testing/calls";

const MINUTE = 60_000;
const stream = { connect: 5_000, headers: 30_000, firstToken: MINUTE, idle: MINUTE, total: 15 * MINUTE };
const patient = { ...stream, headers: 150_000, firstToken: 5 * MINUTE, idle: 5 * MINUTE };
const whole = { ...stream, headers: 10 * MINUTE, firstToken: 10 * MINUTE, total: 10 * MINUTE };

test.each([
  ["a stream", { stream: true }, {}, stream],
  ["a stream with reasoning", { stream: true, reasoning: { effort: "high" } }, {}, patient],
  ["a stream without reasoning", { stream: true, reasoning: { effort: "none" } }, {}, stream],
  ["a model that thinks unasked", { stream: true }, { mayThink: true }, patient],
  ["a model that never thinks", { stream: true, reasoning: { effort: "high" } }, { mayThink: false }, stream],
  ["a whole answer, which has no beginning before its end", { stream: false }, {}, whole],
  ["an endpoint with its own", { stream: true }, { deadlines: { headers: 5 } }, { ...stream, headers: 5 }],
  [
    "an endpoint's own, which thinking does not lengthen",
    { stream: true },
    { mayThink: true, deadlines: { firstToken: 7 } },
    { ...patient, firstToken: 7 },
  ],
  [
    "a whole answer of an endpoint with its own for streams",
    { stream: false },
    { deadlines: { headers: 5, firstToken: 7 } },
    whole,
  ],
  [
    "a whole answer of an endpoint with its own total",
    { stream: false },
    { deadlines: { total: 9 } },
    { ...whole, headers: 9, firstToken: 9, total: 9 },
  ],
])("the deadlines of %s", (_, body, more, expected) => {
  const call = callOf(body, "m", more);
  expect(deadlinesOf(call)).toEqual(expected);
  // What was decided once is not decided otherwise by who decides it again.
  expect(deadlinesOf({ ...call, deadlines: deadlinesOf(call) })).toEqual(expected);
});

test("the settings stand between the endpoint's own and the usual, and a model that thinks has five times as long", () => {
  const settings = { connect: 1_000, firstToken: 10_000, total: MINUTE };
  const of = (body: object, more: object = {}) => deadlinesOf(callOf({ ...body }, "m", more), settings);
  expect(of({ stream: true })).toEqual({ ...stream, ...settings });
  expect(of({ stream: true }, { mayThink: true })).toEqual({ ...patient, ...settings, firstToken: 50_000 });
  expect(of({ stream: true }, { deadlines: { connect: 1 } }).connect).toBe(1);
  expect(of({})).toMatchObject({ headers: MINUTE, firstToken: MINUTE, total: MINUTE });
});
