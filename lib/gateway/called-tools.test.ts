import { expect, test } from "vitest";
import { toolListener } from "./called-tools";

const tools = [
  { type: "function" as const, function: { name: "look", parameters: { type: "object", required: ["at"] } } },
  { type: "function" as const, function: { name: "wait" } },
];
const heard = (...calls: [name: string, ...pieces: string[]][]) => {
  const listener = toolListener({ tools });
  for (const [index, [name, first = "", ...more]] of calls.entries()) {
    listener.note(0, [{ index, id: "x", type: "function", function: { name, arguments: first } }]);
    for (const piece of more) listener.note(0, [{ index, function: { arguments: piece } }]);
  }
  return listener.faulty();
};

test.each<[string, [name: string, ...pieces: string[]][], boolean | undefined]>([
  ["nothing was called", [], undefined],
  ["a call in pieces", [["look", '{"a', 't": 1}']], false],
  ["no arguments where none are needed", [["wait"]], false],
  ["more than is needed", [["look", '{"at": 1, "deep": true}']], false],
  ["arguments that break off", [["look", '{"at": 1']], true],
  ["arguments that are no object", [["wait", "[1]"]], true],
  ["a field that must be there is not", [["look", '{"to": 1}']], true],
  ["a name that was not given", [["see", "{}"]], true],
  ["one of two", [["wait"], ["look", "{}"]], true],
])("%s", (_title, calls, faulty) => {
  expect(heard(...calls)).toBe(faulty);
});

test("calls of two choices are told apart, and without tools nothing is heard", () => {
  const listener = toolListener({ tools });
  for (const choice of [0, 1]) listener.note(choice, [{ index: 0, function: { name: "look", arguments: '{"at":1}' } }]);
  expect(listener.faulty()).toBe(false);
  const deaf = toolListener({ tools: null });
  deaf.note(0, [{ index: 0, function: { name: "look" } }]);
  expect(deaf.faulty()).toBeUndefined();
});
