import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";

let folder: string;
let file: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "claim-"));
  file = join(folder, "claim.json");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

const moduleUrl = new URL("../../../scripts/quickstart/one-at-a-time.mjs", import.meta.url).href;
const program = `
  import { claimDirectory } from ${JSON.stringify(moduleUrl)};
  try {
    claimDirectory(process.argv[1], "http://127.0.0.1:" + process.pid);
    console.log("claimed");
    process.stdin.resume().on("end", () => process.exit(0));
  } catch (error) {
    console.log(error.message);
  }
`;

/** Another process that claims the directory; what it says first. */
async function claimant() {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, file, "quickstart"]);
  children.push(child);
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
}

it("keeps the second one out, says where the first runs, and lets the next in when that has ended", async () => {
  const first = await claimant();
  expect(first.said).toBe("claimed");
  expect((await claimant()).said).toMatch(
    new RegExp(
      `already runs in this directory \\(process ${first.child.pid}\\): http://127.0.0.1:${first.child.pid}\n`,
    ),
  );
  first.child.stdin.end();
  await once(first.child, "exit");
  expect(existsSync(file)).toBe(false);
  expect((await claimant()).said).toBe("claimed");
});

it("is not kept out by one that was killed", async () => {
  const first = await claimant();
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  expect(existsSync(file)).toBe(true);
  const second = await claimant();
  expect(second.said).toBe("claimed");
  expect(JSON.parse(readFileSync(file, "utf8")).pid).toBe(second.child.pid);
});

it.each([
  ["half a file", '{"pid": 12'],
  // On Linux the command line tells; elsewhere this claim would hold until its process ends.
  ...(process.platform === "linux" ? [["the number of another program", JSON.stringify({ pid: 1, url: "" })]] : []),
])("is not kept out by %s", async (_, content) => {
  writeFileSync(file, content ?? "");
  expect((await claimant()).said).toBe("claimed");
});
