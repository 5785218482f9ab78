import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { beginStream, sendJson, standIn } from "./testing/stand-in-upstream";
import { type Fault, findFault } from "./upstream-fault";
import { fetchWith, makeAgent, upstreamFetch } from "./upstream-fetch";

const soon = { connect: 5_000, headers: 100, idle: 100 };

async function faultOf(promise: Promise<unknown>): Promise<Fault | undefined> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return findFault(error);
}

async function tcpServer(onConnection: (socket: import("node:net").Socket) => void): Promise<string> {
  const server = createServer(onConnection);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an answer", () => {
  test("has what the SDKs read of a Response", async () => {
    const { url, received } = await standIn((response) => {
      response.setHeader("x-twice", ["a", "b"]);
      sendJson(response, { fine: true });
    });
    const response = await upstreamFetch(`${url}/v1?x=1`, {
      method: "POST",
      body: '{"a":"ü"}',
      headers: new Headers({ "X-Own": "1" }),
    });
    expect(response).toMatchObject({ ok: true, status: 200, statusText: "OK", url: `${url}/v1?x=1` });
    expect(response.headers.get("Content-Type")).toBe("application/json");
    expect(response.headers.get("x-twice")).toBe("a, b");
    expect(response.headers.get("absent")).toBeNull();
    expect(Object.fromEntries(response.headers.entries())).toMatchObject({ "content-type": "application/json" });
    expect(await response.json()).toEqual({ fine: true });
    expect(received[0]).toMatchObject({ method: "POST", path: "/v1?x=1", body: '{"a":"ü"}' });
    expect(received[0]?.headers["x-own"]).toBe("1");
    expect(received[0]?.headers["accept-encoding"]).toBeUndefined();
  });

  test("is read as text or as bytes, without a byte order mark", async () => {
    const { url } = await standIn((response) => void response.end("\ufeffgrüße"));
    expect(await (await upstreamFetch(url)).text()).toBe("grüße");
    expect(Buffer.from(await (await upstreamFetch(url)).arrayBuffer()).toString()).toBe("\ufeffgrüße");
  });

  test("comes over a connection that is used again, also after a stream that was let end", async () => {
    const { url, received } = await standIn((response) => {
      response.write("data: [DONE]\n\n");
      setTimeout(() => response.end(), 20);
    });
    await (await upstreamFetch(url)).text();
    await sleep(20);
    const second = await upstreamFetch(url);
    await second.body.next();
    second.body.letEnd();
    await sleep(60);
    await (await upstreamFetch(url)).text();
    expect(received).toHaveLength(3);
    expect(new Set(received.map(({ socket }) => socket)).size).toBe(1);
  });

  test("of more than 32 MiB is refused", async () => {
    const { url } = await standIn((response) => {
      const mebibyte = Buffer.alloc(1024 * 1024, 32);
      for (let count = 0; count < 33; count++) response.write(mebibyte);
      response.end();
    });
    expect(await faultOf((await upstreamFetch(url)).text())).toMatchObject({ kind: "malformed" });
  });
});

describe("a refusal", () => {
  test("carries status, text and Retry-After", async () => {
    const { url } = await standIn((response) =>
      sendJson(response, { error: "slow down" }, 429, { "retry-after": "7", "X-RateLimit-Reset": "9s", etag: "no" }),
    );
    expect(await faultOf(upstreamFetch(url))).toEqual({
      kind: "refused",
      status: 429,
      body: '{"error":"slow down"}',
      retryAfter: "7",
      retryAfterMs: undefined,
      rateLimits: { "x-ratelimit-reset": "9s" },
    });
  });

  test("is not read to its end where that is far", async () => {
    const { url, hungUp } = await standIn((response) => {
      response.writeHead(500);
      const timer = setInterval(() => response.write("x".repeat(16_384)), 1);
      response.on("close", () => clearInterval(timer));
    });
    const fault = await faultOf(upstreamFetch(url));
    expect(fault).toMatchObject({ kind: "refused", status: 500 });
    expect(fault?.kind === "refused" && fault.body.length).toBe(65_536);
    await hungUp;
  });

  test("is what a redirect is, which is never followed", async () => {
    const { url, received } = await standIn((response) => {
      response.writeHead(307, { location: "/elsewhere" });
      response.end();
    });
    expect(await faultOf(upstreamFetch(`${url}/v1`))).toMatchObject({ kind: "refused", status: 307 });
    expect(received.map(({ path }) => path)).toEqual(["/v1"]);
  });
});

describe("a connection", () => {
  test("that nobody takes is a fault with its code", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    expect(await faultOf(upstreamFetch(`http://127.0.0.1:${port}`))).toEqual({
      kind: "transport",
      code: "ECONNREFUSED",
      duringAnswer: false,
    });
  });

  test("that is closed before the answer, and within it", async () => {
    const before = await tcpServer((socket) => socket.on("data", () => socket.destroy()));
    expect(await faultOf(upstreamFetch(`http://${before}`))).toMatchObject({ kind: "transport", duringAnswer: false });
    const { url } = await standIn((response) => {
      beginStream(response);
      response.write("data: 1\n\n");
      setTimeout(() => response.destroy(), 20);
    });
    expect(await faultOf((await upstreamFetch(url)).text())).toMatchObject({ kind: "transport", duringAnswer: true });
  });

  test("to something that does not speak HTTP", async () => {
    const host = await tcpServer((socket) => socket.on("data", () => socket.end("SSH-2.0-OpenSSH\r\n\r\n")));
    expect(await faultOf(upstreamFetch(`http://${host}`))).toMatchObject({ kind: "malformed" });
  });
});

describe("deadlines", () => {
  test("of the connection, with TLS that never gets done", async () => {
    const host = await tcpServer(() => {});
    const agent = makeAgent(200);
    onTestFinished(() => agent.destroy());
    expect(await faultOf(fetchWith(agent, `https://${host}`))).toMatchObject({ kind: "late", phase: "connect" });
  });

  test("of the connection are each request's own", async () => {
    const host = await tcpServer(() => {});
    const startedAt = performance.now();
    expect(await faultOf(upstreamFetch(`https://${host}`, { deadlines: { ...soon, connect: 200 } }))).toEqual({
      ...{ kind: "late", phase: "connect", milliseconds: 200 },
    });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  test("of the headers", async () => {
    const { url, hungUp } = await standIn(() => {});
    expect(await faultOf(upstreamFetch(url, { deadlines: soon }))).toEqual({
      kind: "late",
      phase: "headers",
      milliseconds: 100,
    });
    await hungUp;
  });

  test("of the time between two pieces, which each piece begins anew", async () => {
    const { url, hungUp } = await standIn(async (response) => {
      beginStream(response);
      for (let count = 0; count < 4; count++) {
        response.write("x");
        await sleep(50);
      }
    });
    const response = await upstreamFetch(url, { deadlines: soon });
    let text = "";
    const reading = (async () => {
      for await (const piece of response.body) text += piece;
    })();
    expect(await faultOf(reading)).toEqual({ kind: "late", phase: "idle", milliseconds: 100 });
    expect(text).toBe("xxxx");
    await hungUp;
  });

  test("do not strike a reader who takes his time", async () => {
    const { url } = await standIn((response) => void response.end(Buffer.alloc(2 * 1024 * 1024)));
    const response = await upstreamFetch(url, { deadlines: soon });
    await sleep(400);
    expect((await response.arrayBuffer()).byteLength).toBe(2 * 1024 * 1024);
  });
});

describe("an abort", () => {
  const reason = new Error("the caller left");

  test("before the request does not even connect", async () => {
    let connections = 0;
    const host = await tcpServer(() => connections++);
    await expect(upstreamFetch(`http://${host}`, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await sleep(50);
    expect(connections).toBe(0);
  });

  test("while connecting, sends nothing either", async () => {
    const { url, received } = await standIn((response) => void response.end());
    const controller = new AbortController();
    const agent = makeAgent(1_000);
    onTestFinished(() => agent.destroy());
    const promise = fetchWith(agent, url, { signal: controller.signal });
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    await sleep(50);
    expect(received).toHaveLength(0);
  });

  test("while waiting for the headers hangs up", async () => {
    const controller = new AbortController();
    const { url, hungUp } = await standIn(() => controller.abort(reason));
    await expect(upstreamFetch(url, { signal: controller.signal })).rejects.toBe(reason);
    await hungUp;
  });

  test("within the body hangs up, and ends the reading", async () => {
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write("x");
    });
    const controller = new AbortController();
    const response = await upstreamFetch(url, { signal: controller.signal });
    const iterator = response.body[Symbol.asyncIterator]();
    expect(String((await iterator.next()).value)).toBe("x");
    const next = iterator.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await hungUp;
  });

  test("is what leaving the loop is", async () => {
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write("x");
    });
    for await (const piece of (await upstreamFetch(url)).body) {
      expect(String(piece)).toBe("x");
      break;
    }
    await hungUp;
  });

  test("comes by itself where a body that was let end does not end", async () => {
    const { url, hungUp } = await standIn((response) => {
      beginStream(response);
      response.write("data: [DONE]\n\n");
    });
    (await upstreamFetch(url)).body.letEnd();
    await hungUp;
  });
});

describe("a slow reader", () => {
  test("stops the upstream, which goes on when he does", async () => {
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const { url } = await standIn(async (response) => {
      beginStream(response);
      const piece = Buffer.alloc(64 * 1024);
      while (sent < total && !response.destroyed) {
        sent += piece.length;
        if (!response.write(piece)) await once(response, "drain");
      }
      response.end();
    });
    const { body } = await upstreamFetch(url);
    await sleep(300);
    const sentUnread = sent;
    expect(sentUnread).toBeLessThan(total / 4);
    await sleep(100);
    expect(sent).toBe(sentUnread);
    let read = 0;
    for await (const piece of body) read += piece.length;
    expect(read).toBe(total);
  });

  test("is not the upstream's silence, however long he takes; that counts again when he has read it all", async () => {
    const total = 16 * 1024 * 1024;
    const { url } = await standIn(async (response) => {
      beginStream(response);
      for (let sent = 0; sent < total; sent += 64 * 1024)
        if (!response.write(Buffer.alloc(64 * 1024))) await once(response, "drain");
    });
    const { body } = await upstreamFetch(url, { deadlines: { connect: 5_000, headers: 5_000, idle: 400 } });
    await sleep(1_000);
    let read = 0;
    const reading = (async () => {
      for await (const piece of body) read += piece.length;
    })();
    const fault = await faultOf(reading);
    expect(read).toBe(total);
    expect(fault).toEqual({ kind: "late", phase: "idle", milliseconds: 400 });
  });

  test("gets what came together as one piece", async () => {
    const { url } = await standIn((response) => {
      beginStream(response);
      for (let count = 0; count < 10; count++) response.write("x");
      setTimeout(() => response.end(), 50);
    });
    const pieces: string[] = [];
    for await (const piece of (await upstreamFetch(url)).body) pieces.push(String(piece));
    expect(pieces.join("")).toBe("xxxxxxxxxx");
    expect(pieces.length).toBeLessThan(4);
  });
});
