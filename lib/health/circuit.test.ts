import { expect, test } from "vitest";
import { close, closedCircuit, hasFailedTooOften, open, passes, stateOf } from "./circuit";

const middling = () => 0.5;

test.each([
  ["nothing happened", 0, 0, 0, false],
  ["four failures and nothing else", 0, 4, 0, false],
  ["five failures and nothing else", 0, 5, 0, true],
  ["five failures to five answers", 5, 5, 0, true],
  ["five failures to six answers", 6, 5, 0, false],
  ["a thousand answers and a hundred failures", 1_000, 100, 0, false],
  ["two connections failed in a row", 50, 2, 2, false],
  ["three connections failed in a row, whatever was answered before", 50, 3, 3, true],
])("%s: is that too often?", (_title, answered, failed, connectFailures, tooOften) => {
  expect(hasFailedTooOften({ ...closedCircuit(), connectFailures }, { answered, failed })).toBe(tooOften);
});

test("each time that a probe fails it is open twice as long, from ten seconds to five minutes", () => {
  const circuit = closedCircuit();
  const lengths = Array.from({ length: 7 }, () => {
    open(circuit, 0, middling);
    return circuit.openUntil / 1_000;
  });
  expect(lengths).toEqual([10, 20, 40, 80, 160, 300, 300]);
  close(circuit, 0);
  open(circuit, 0, middling);
  expect(circuit.openUntil).toBe(10_000);
});

test("what the operator must mend keeps it open for minutes at once", () => {
  const circuit = closedCircuit();
  open(circuit, 0, middling, true);
  expect(circuit.openUntil).toBe(300_000);
});

test("chance spreads the reopening over a quarter to either side", () => {
  const at = (random: number) => {
    const circuit = closedCircuit();
    open(circuit, 1_000, () => random);
    return circuit.openUntil - 1_000;
  };
  expect([at(0), at(0.5), at(0.999_999)].map(Math.round)).toEqual([7_500, 10_000, 12_500]);
});

test.each([
  ["closed", 0, 0, "closed", "freely"],
  ["open", 10_000, 0, "open", "not"],
  ["its time is over", 4_000, 0, "half-open", "as a probe"],
  ["its time is over and a probe is under way", 4_000, 1, "half-open", "not"],
])("%s", (_title, openUntil, probes, state, passage) => {
  const circuit = { ...closedCircuit(), openUntil, probes };
  expect([stateOf(circuit, 5_000), passes(circuit, 5_000)]).toEqual([state, passage]);
});
