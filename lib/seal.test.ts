import { afterEach, expect, test, vi } from "vitest";

const [A, B] = ["a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0", "0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e"];

/** The module as a process finds it that was started with these settings. */
async function withKeys(SEALING_KEYS: string, APP_SECRET = A) {
  vi.resetModules();
  Object.assign(process.env, { DATABASE_URL: "postgres://localhost/x", APP_SECRET, SEALING_KEYS });
  return import("./seal");
}

afterEach(() => {
  delete process.env.SEALING_KEYS;
});

test("a sealed secret opens for its owner alone, and not when it was altered", async () => {
  const { seal, unseal } = await withKeys("");
  const sealed = seal("secret", "row.1");
  expect(sealed).not.toContain("secret");
  expect(unseal(sealed, "row.1")).toBe("secret");
  expect(() => unseal(sealed, "row.2")).toThrow();
  expect(() => unseal(`${sealed.slice(0, -2)}AA`, "row.1")).toThrow();
  expect(() => unseal("secret", "row.1")).toThrow("row.1 is not a sealed secret");
});

test("new secrets are sealed with the newest key, old ones still open, and APP_SECRET is one of the old", async () => {
  const before = (await withKeys("")).seal("old", "row");
  const first = await withKeys(`one:${A}`);
  const sealedOne = first.seal("middle", "row");
  const { seal, unseal, isSealedWithNewest } = await withKeys(`two:${B},one:${A}`);
  expect([before, sealedOne].map((value) => unseal(value, "row"))).toEqual(["old", "middle"]);
  const newest = seal("new", "row");
  expect(newest.startsWith("v2.two.")).toBe(true);
  expect([before, sealedOne, newest].map(isSealedWithNewest)).toEqual([false, false, true]);
  const later = await withKeys(`two:${B}`, "c".repeat(20) + A.slice(20));
  expect(later.unseal(newest, "row")).toBe("new");
  expect(() => later.unseal(sealedOne, "row")).toThrow("row is sealed with the key one, which is not in SEALING_KEYS");
  expect(() => later.unseal(before, "row")).toThrow();
});

test.each(["short:abc", `one:${A},one:${B}`, `bad id:${A}`, A])("%s is no ring of keys", async (ring) => {
  const { parseEnv } = await import("./env");
  const settings = { DATABASE_URL: "postgres://localhost/x", APP_SECRET: A, SEALING_KEYS: ring };
  expect(() => parseEnv(settings)).toThrow("SEALING_KEYS");
});
