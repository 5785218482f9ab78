import { afterAll, expect, test } from "vitest";
import { countTokens } from "@/lib/models/count-tokens";
import { useFreshDatabase } from "@/tests/database";
import { boot, type Host } from "./boot";

type Mount = Parameters<Host["ready"]>[0];
const HOST = Symbol.for("openrouter-self-hosted.host");
const { error, warn } = console;
let mount: Mount | undefined;

afterAll(async () => {
  Object.assign(console, { error, warn });
  Reflect.deleteProperty(globalThis, HOST);
  await mount?.drain(0);
});

test("when the server may take requests the tokenizer is there: the first bill holds up nobody", async () => {
  await useFreshDatabase();
  let failure: unknown;
  const host: Host = { ready: (given) => (mount = given), failed: (thrown) => (failure = thrown) };
  Reflect.set(globalThis, HOST, host);
  await boot();
  expect([failure, Object.keys(mount?.listeners ?? {})]).toEqual([
    undefined,
    expect.arrayContaining(["POST /api/v1/chat/completions"]),
  ]);
  // To load it takes half a second of the processor at the least; to count these words, next to nothing.
  const before = process.cpuUsage();
  await countTokens("The first bill.");
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(100);
});
