import { expect, test } from "vitest";
import { noteSpeed, percentile, speedOf } from "./measured-speed";

const MINUTE = 60_000;

test("what an endpoint took counts for five minutes", () => {
  noteSpeed("one", { firstTokenMs: 250, totalMs: 2_250, tokens: 100 }, 0);
  noteSpeed("one", { firstTokenMs: 500, totalMs: 600, tokens: 2 }, 3 * MINUTE);
  expect(speedOf("one", 5 * MINUTE)).toEqual({ latency: [0.25, 0.5], throughput: [50] });
  expect(speedOf("one", 6 * MINUTE)).toEqual({ latency: [0.5], throughput: [] });
  expect(speedOf("another")).toEqual({ latency: [], throughput: [] });
});

test("a busy endpoint is remembered by its newest answers, and no more of them", () => {
  for (let count = 0; count < 1_000; count += 1)
    noteSpeed("busy", { firstTokenMs: count, totalMs: count + 1_000, tokens: 50 }, count);
  const { latency } = speedOf("busy", 1_000);
  expect(latency).toHaveLength(200);
  expect(latency.at(-1)).toBe(0.999);
});

test("a percentile is what so many percent are at least as good as", () => {
  const tenth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect(percentile(tenth, 90, "lower")).toBe(9);
  expect(percentile(tenth, 90, "higher")).toBe(2);
  expect(percentile([7], 50, "higher")).toBe(7);
  expect(percentile([], 50, "lower")).toBeUndefined();
});
