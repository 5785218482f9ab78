import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Patience } from "@/lib/http/api-handler";

export type Replica = { url: string; pid: number; stop: () => Promise<void> };

/** Another process of the app, on the database of the settings; it ends with the one that started it. */
export async function startReplica(patience: Partial<Patience> = {}): Promise<Replica> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/replica.ts", JSON.stringify(patience)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const stop = async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^port (\d+)$/.exec(line)?.[1];
    if (port) return { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, stop };
  }
  throw new Error("the replica did not start");
}
