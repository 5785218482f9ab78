import { expect, test } from "vitest";
import { newGenerationId } from "./generation-id";

test("an id carries its second and twenty letters or digits, all of them in use and none twice", () => {
  const ids = Array.from({ length: 20_000 }, () => newGenerationId(1_764_000_000_999));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^gen-1764000000-[A-Za-z0-9]{20}$/.test(id))).toBe(true);
  const counts = new Map<string, number>();
  for (const id of ids) for (const letter of id.slice(15)) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  expect(counts.size).toBe(62);
  // 400,000 letters over 62: 6,452 each, and a letter that came a tenth more often would be no chance.
  for (const count of counts.values()) expect(Math.abs(count - 6_452)).toBeLessThan(645);
});
