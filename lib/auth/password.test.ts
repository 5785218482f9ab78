import { beforeAll, expect, test } from "vitest";

let password: typeof import("./password");

beforeAll(async () => {
  password = await import("./password");
});

test("a password is kept as argon2id with 19 MiB, two passes and one lane", async () => {
  expect(await password.hashPassword("correct horse")).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test("it is the same on every keyboard, and no other is", async () => {
  const hash = await password.hashPassword("Åre-hörse-\u212b");
  expect(await password.verifyPassword(hash, "A\u030are-ho\u0308rse-Å")).toBe(true);
  expect(await password.verifyPassword(hash, "Åre-hörse-Å ")).toBe(false);
  expect(await password.verifyPassword(hash, "åre-hörse-å")).toBe(false);
});

test.each(["", "seven77", "x".repeat(257), "é".normalize("NFD").repeat(7)])("%j is not taken as one", async (text) => {
  await expect(password.hashPassword(text)).rejects.toMatchObject({ type: "invalid_request" });
});

test.each(["12345678", "x".repeat(256), "🔑🔑🔑🔑🔑🔑🔑🔑"])("%j is", async (text) => {
  expect(await password.verifyPassword(await password.hashPassword(text), text)).toBe(true);
});

test("where there is none, nothing is right, and it takes as long to say so", async () => {
  const hash = await password.hashPassword("correct horse");
  const time = async (against: string | null) => {
    const began = performance.now();
    for (let n = 0; n < 8; n++) expect(await password.verifyPassword(against, "wrong horse")).toBe(false);
    return performance.now() - began;
  };
  await time(null);
  const [there, nobody] = [await time(hash), await time(null)];
  expect(nobody / there).toBeGreaterThan(0.5);
  expect(nobody / there).toBeLessThan(2);
});

test("forty at once take the memory of four", async () => {
  const hash = await password.hashPassword("correct horse");
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 2);
  const before = process.memoryUsage.rss();
  await Promise.all(Array.from({ length: 40 }, () => password.verifyPassword(hash, "correct horse")));
  clearInterval(watch);
  expect((most - before) / 2 ** 20).toBeLessThan(100);
});

test("more than a hundred who wait are turned away at once", async () => {
  const hash = await password.hashPassword("correct horse");
  const all = await Promise.allSettled(Array.from({ length: 110 }, () => password.verifyPassword(hash, "x".repeat(8))));
  expect(all.filter(({ status }) => status === "rejected").length).toBe(6);
});
