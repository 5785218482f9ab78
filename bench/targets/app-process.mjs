// @ts-check
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { startServer } from "../children.mjs";

const START_LIMIT_MS = 30_000;

/**
 * The built app as `npm start` runs it, once it answers.
 * @param {import("../children.mjs").Place} place
 * @param {string[]} nodeOptions
 */
export async function startApp(place, nodeOptions) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const env = { ...place.env, HOST: "127.0.0.1", PORT: String(port) };
  const server = startServer([process.execPath, ...nodeOptions, "server.mjs"], { ...place, env });
  while (!(await answers(`${url}/api/health`))) {
    if (server.hasEnded() || performance.now() - begun > START_LIMIT_MS) {
      await server.stop();
      throw new Error(`The app did not start. Its log ends:\n${server.logTail()}`);
    }
    await delay(25);
  }
  return { url, pid: server.pid, startMs: performance.now() - begun, stop: server.stop };
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return address.port;
}
