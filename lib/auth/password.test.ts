import { execFile } from "node:child_process";
import { promisify } from "node:util";
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

/** What forty passwords that are checked at once add to a process with a thread for each of them, in MiB. */
const FORTY_AT_ONCE = `
  const { hashPassword, verifyPassword } = await import("@/lib/auth/password");
  const hash = await hashPassword("correct horse");
  const before = process.resourceUsage().maxRSS;
  await Promise.all(Array.from({ length: 40 }, () => verifyPassword(hash, "correct horse")));
  console.log((process.resourceUsage().maxRSS - before) / 1024);
`;

test("forty at once take the memory of four, however many threads there are for them", async () => {
  // A process of its own: Node has four threads for such work unless told otherwise, which would hide a missing limit.
  const command = ["node_modules/tsx/dist/cli.mjs", "--input-type=module", "--eval", FORTY_AT_ONCE];
  const env = { ...process.env, UV_THREADPOOL_SIZE: "40" };
  const { stdout } = await promisify(execFile)(process.execPath, command, { env });
  expect(Number(stdout)).toBeGreaterThan(50);
  expect(Number(stdout)).toBeLessThan(150);
});

test("more than a hundred who wait are turned away at once", async () => {
  const hash = await password.hashPassword("correct horse");
  const all = await Promise.allSettled(Array.from({ length: 110 }, () => password.verifyPassword(hash, "x".repeat(8))));
  expect(all.filter(({ status }) => status === "rejected").length).toBe(6);
});
