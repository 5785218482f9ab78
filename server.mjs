// @ts-check
// `npm start`: Next's documented custom server. The hot paths of the API are answered before Next's router, which would
// cost ten times as much as they do; instrumentation.ts hands them over, so that there is one build and one bundle.
import http from "node:http";
import next from "next";

/** @typedef {{ listeners: Record<string, (request: http.IncomingMessage, response: http.ServerResponse) => void>, drain: (mostMs: number) => Promise<void> }} Mount */

try {
  process.loadEnvFile();
} catch {
  // No .env file: the settings are in the environment.
}

const PORT = Number(process.env.PORT || 3000);
const HOST = process.env.HOST || "127.0.0.1";
const START_MS = 60_000;
const DRAIN_MS = Number(process.env.DRAIN_SECONDS || 120) * 1000;

/** @type {Promise<Mount>} */
const mounted = new Promise((resolve, reject) => {
  Reflect.set(globalThis, Symbol.for("openrouter-self-hosted.host"), { ready: resolve, failed: reject });
  setTimeout(() => reject(new Error("The API was not mounted in time.")), START_MS).unref();
});

// As it is now: lib/log.ts takes it over, and its lines do not leave a process that ends at once.
const say = console.error;

/** @param {unknown} error @returns {never} */
function stop(error) {
  say(error instanceof Error ? error.message : error);
  process.exit(1);
}

// Next would answer upgrades on the server it is given, and cut off clients that only offer one: this one never listens.
const app = next({ dev: false, hostname: HOST, port: PORT, httpServer: http.createServer() });
await app.prepare().catch(stop);
const pages = app.getRequestHandler();
const { listeners, drain } = await mounted.catch(stop);

const server = http.createServer({ keepAliveTimeout: 75_000, headersTimeout: 80_000, requestTimeout: 120_000 });
server.on("request", (request, response) => {
  // Over whatever the client sent under this name: lib/auth/client-address.ts believes it.
  request.headers["x-peer-address"] = request.socket.remoteAddress ?? "";
  const [path = "/", ...query] = (request.url ?? "/").split("?");
  const listener = listeners[`${request.method} ${path}`];
  if (listener) return listener(request, response);
  // Next answers these two with a bare 500: a method its requests cannot have, and a path that is no text.
  if (request.method === "TRACE") return response.writeHead(405, { allow: "GET, HEAD, POST" }).end();
  if (!isText(path)) request.url = [path.replaceAll("%", "%25"), ...query].join("?");
  void pages(request, response);
});
server.on("error", (error) =>
  stop(Reflect.get(error, "code") === "EADDRINUSE" ? `Port ${PORT} on ${HOST} is taken: set PORT to another.` : error),
);
server.listen({ port: PORT, host: HOST, backlog: 4096 }, () => console.log(`Listening on http://${HOST}:${PORT}`));

/** @param {string} path */
function isText(path) {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

let stopping = false;
async function shutDown() {
  if (stopping) process.exit(1);
  stopping = true;
  server.close();
  server.closeIdleConnections();
  await drain(DRAIN_MS);
  server.closeAllConnections();
  process.exit(0);
}
process.on("SIGTERM", shutDown);
process.on("SIGINT", shutDown);
// Started by the quick start: when that dies, however it dies, nothing of it stays behind.
process.on("disconnect", shutDown);
