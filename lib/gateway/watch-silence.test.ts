import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watchSilence } from "./watch-silence";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const ended: string[] = [];
  const watch = watchSilence({ firstToken: 1_000, idle: 200 }, "Acme", ({ message }) => ended.push(message));
  return { watch, ended };
}

test("an endpoint that says nothing is given up at its deadline for the first word", async () => {
  const { ended } = watched();
  await vi.advanceTimersByTimeAsync(990);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(20);
  expect(ended).toEqual(["Acme said nothing within 1 s."]);
});

test("after its first word it may be silent for twice the idle time, each time anew", async () => {
  const { watch, ended } = watched();
  await vi.advanceTimersByTimeAsync(900);
  watch.heard();
  for (let words = 0; words < 5; words++) {
    watch.listen();
    await vi.advanceTimersByTimeAsync(350);
    watch.heard();
  }
  expect(ended).toEqual([]);
  watch.listen();
  await vi.advanceTimersByTimeAsync(390);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(20);
  expect(ended).toEqual(["Acme was silent for 0.4 s in the middle of its answer."]);
});

test("a caller who takes his time to read is not its silence", async () => {
  const { watch, ended } = watched();
  watch.heard();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ended).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
  watch.listen();
  await vi.advanceTimersByTimeAsync(399);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(ended).toHaveLength(1);
});

test("what is stopped ends nothing", async () => {
  const { watch, ended } = watched();
  watch.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ended).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
