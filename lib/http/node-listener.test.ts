import { once } from "node:events";
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import type { ApiHandler, ApiReply, ApiRequest } from "./api-handler";
import { apiRoute } from "./api-route";
import { nextRoute } from "./next-route";
import { nodeListener } from "./node-listener";

Object.assign(process.env, {
  DATABASE_URL: "postgres://nowhere/none",
  APP_SECRET: "5f2b1c9d8e7a6f3b4c5d6e7f8a9b0c1d",
  LOG_LEVEL: "silent",
  MAX_BODY_BYTES: String(12 * 1024 * 1024),
  MAX_REQUESTS_IN_FLIGHT: "20",
});

let handler: ApiHandler;
const server = createServer(nodeListener((request) => handler(request)));
let port = 0;

beforeEach(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as { port: number }).port;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const text = (body: string): ApiReply => ({ status: 200, headers: { "content-type": "text/plain" }, body });
const stream = (body: AsyncIterable<string>): ApiReply => ({ status: 200, headers: {}, body });
const post = (body?: string | Uint8Array<ArrayBuffer>, headers = {}) =>
  fetch(`http://127.0.0.1:${port}/path?x=1`, { method: "POST", body, headers });

async function until(look: () => boolean) {
  for (let tries = 0; tries < 200 && !look(); tries++) await sleep(10);
  expect(look()).toBe(true);
}

test("a whole answer has its length, and the connection serves the next request", async () => {
  handler = async ({ method, path, query, header }) => text(`${method} ${path} ${query.get("x")} ${header("X-Own")} é`);
  const sockets = new Set<unknown>();
  server.on("connection", (socket) => sockets.add(socket));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let times = 0; times < 3; times++) {
    const request = httpRequest({
      port,
      host: "127.0.0.1",
      path: "/path?x=1",
      method: "POST",
      agent,
      headers: { "x-own": "mine" },
    });
    request.end();
    const [answer] = (await once(request, "response")) as [IncomingMessage];
    expect(answer.headers["content-length"]).toBe("20");
    expect((await answer.setEncoding("utf8").toArray()).join("")).toBe("POST /path 1 mine é");
  }
  agent.destroy();
  expect(sockets.size).toBe(1);
});

test("ten megabytes come in whole", async () => {
  handler = async (request) => text(String((await request.text()).length));
  expect(await (await post("x".repeat(10 * 1024 * 1024))).text()).toBe(String(10 * 1024 * 1024));
});

test.each([true, false])("more than the server takes is a 413 (length told: %s)", async (told) => {
  handler = apiRoute(async (request) => text(await request.text()));
  const big = "x".repeat(13 * 1024 * 1024);
  const headers: IncomingHttpHeaders = told
    ? { "content-length": String(big.length) }
    : { "transfer-encoding": "chunked" };
  const status = await new Promise((resolve) => {
    const request = httpRequest({ port, host: "127.0.0.1", method: "POST", headers }, (response) => {
      resolve(response.statusCode);
      response.resume();
    });
    request.on("error", () => {});
    request.end(big);
  });
  expect(status).toBe(413);
});

test("a compressed body, and one that is not UTF-8, are refused", async () => {
  handler = apiRoute(async (request) => text(await request.text()));
  expect((await post("x", { "content-encoding": "gzip" })).status).toBe(415);
  expect((await post(new Uint8Array([0x22, 0xff, 0xfe, 0x22]))).status).toBe(400);
});

test("a handler that throws what nobody expected says nothing of it", async () => {
  handler = async () => {
    throw new Error("the password is hunter2");
  };
  const answer = await post();
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({
    error: { code: 500, message: "Internal Server Error", metadata: { error_type: "server" } },
  });
});

test("what a handler explains comes in the envelope", async () => {
  handler = apiRoute(async () => {
    throw new AppError("rate_limit_exceeded", "Slower.", { retryAfter: 2.1 });
  });
  const answer = await post();
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("3");
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
});

test("pieces leave as they come", async () => {
  let more = () => {};
  const waiting = new Promise<void>((resolve) => {
    more = resolve;
  });
  handler = async () =>
    stream(
      (async function* () {
        yield "first";
        await waiting;
        yield "second";
      })(),
    );
  const reader = (await post()).body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe("first");
  more();
  expect((await reader?.read())?.value).toBe("second");
  expect((await reader?.read())?.done).toBe(true);
});

test("a stream that fails cuts the connection: the caller cannot take it for whole", async () => {
  handler = async () =>
    stream(
      (async function* () {
        yield "half";
        await sleep(20);
        throw new Error("broken");
      })(),
    );
  await expect((await post()).text()).rejects.toThrow();
});

test("a caller who goes away before the answer aborts the request's signal", async () => {
  let seen: ApiRequest | undefined;
  handler = async (request) => {
    seen = request;
    await sleep(300);
    return text("late");
  };
  const hangUp = new AbortController();
  const asked = fetch(`http://127.0.0.1:${port}/`, { method: "POST", signal: hangUp.signal }).catch(() => {});
  await until(() => seen !== undefined);
  hangUp.abort();
  await asked;
  await until(() => seen?.signal.aborted === true);
});

test("a caller who goes away during the answer aborts it, and nothing more is read for him", async () => {
  let signal: AbortSignal | undefined;
  let yielded = 0;
  handler = async (request) => {
    signal = request.signal;
    return stream(
      (async function* () {
        for (;;) {
          yielded++;
          yield "word ";
          await sleep(5);
        }
      })(),
    );
  };
  const hangUp = new AbortController();
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", signal: hangUp.signal });
  await answer.body?.getReader().read();
  hangUp.abort();
  await until(() => signal?.aborted === true);
  await sleep(30);
  const then = yielded;
  await sleep(60);
  expect(yielded).toBe(then);
});

test("a caller who dies while sending is no failure of ours", async () => {
  let failure: unknown;
  handler = async (request) => {
    await request.text().catch((error) => {
      failure = error;
    });
    return text("");
  };
  const socket = connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
  await sleep(50);
  socket.destroy();
  await until(() => failure !== undefined);
  expect(failure).toMatchObject({ type: "invalid_request" });
});

test("a caller who does not read stops the reading: what is ahead of him stays small", async () => {
  let yielded = 0;
  handler = async () =>
    stream(
      (async function* () {
        for (; yielded < 20_000; yielded++) yield "x".repeat(10_000);
      })(),
    );
  const socket = connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  socket.pause();
  await sleep(300);
  const stalled = yielded;
  expect(stalled).toBeLessThan(5_000);
  socket.resume();
  await until(() => yielded > stalled + 1_000);
  socket.destroy();
});

test("more requests than the process carries are turned away at once, and those it has go on", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  let decided = 0;
  handler = async () => {
    decided++;
    await gate;
    return text("served");
  };
  const asked = Array.from({ length: 30 }, () => post().finally(() => decided++));
  await until(() => decided === 30);
  open();
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused).toHaveLength(10);
  expect(refused[0]?.headers.get("retry-after")).toBe("1");
});

test("pipelined requests whose caller drops the socket are all let go of", async () => {
  const signals: AbortSignal[] = [];
  handler = async (request) => {
    signals.push(request.signal);
    await sleep(100);
    return text("late");
  };
  const socket = connect(port, "127.0.0.1");
  socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".repeat(19));
  await until(() => signals.length === 19);
  socket.destroy();
  await until(() => signals.every(({ aborted }) => aborted));
  handler = async () => text("served");
  const answers = await Promise.all(Array.from({ length: 15 }, () => post()));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
});

test("the other mount gives the handler the same request, and the caller the same answer", async () => {
  const route = nextRoute(async (request) =>
    stream(
      (async function* () {
        yield `${request.method} ${request.path} ${request.query.get("x")} `;
        yield await request.text();
      })(),
    ),
  );
  const answer = await route(new Request("http://host/path?x=1", { method: "POST", body: "bödy" }));
  expect(await answer.text()).toBe("POST /path 1 bödy");
  const refused = nextRoute(apiRoute(async (request) => text(await request.text())));
  expect(
    (await refused(new Request("http://host/", { method: "POST", body: "x".repeat(13 * 1024 * 1024) }))).status,
  ).toBe(413);
});
