import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { drive } from "../../bench/load/drive.mjs";
import { measureIdleStreams } from "../../bench/load/idle-streams.mjs";
import { measureLoad } from "../../bench/load/measure-load.mjs";
import { createResponseParser } from "../../bench/load/response-parser.mjs";
import { startBareProxy } from "../../bench/targets/bare-proxy.mjs";
import { nativeCall } from "../../bench/targets/calls.mjs";
import { type Dialect, jsonBytes, streamBytes } from "../../bench/upstream/dialects.mjs";
import { startMockUpstream } from "../../bench/upstream/mock-upstream.mjs";

const PIECES = 12;
const dialects: Dialect[] = ["openai", "anthropic", "gemini"];

let upstream: Awaited<ReturnType<typeof startMockUpstream>>;
let faulty: Server | undefined;

beforeEach(async () => {
  upstream = await startMockUpstream();
  upstream.configure({ pieces: PIECES, jsonPieces: PIECES });
});
afterEach(() => {
  upstream.close();
  faulty?.closeAllConnections();
  faulty?.close();
  faulty = undefined;
});

describe("the load generator", () => {
  test.each(dialects)("takes right answers for right, directly and through the bare proxy (%s)", async (dialect) => {
    const proxy = await startBareProxy(upstream.url);
    for (const url of [upstream.url, proxy.url]) {
      for (const stream of [false, true]) {
        const driven = await drive(loadOn(url, dialect, stream));
        expect(driven).toMatchObject({ sent: 8, faults: {} });
        expect(driven.totals).toHaveLength(8);
        expect(upstream.counts().aborted).toBe(0);
        expect(driven.firstBytes.every((ms, index) => ms > 0 && ms <= (driven.totals[index] ?? 0))).toBe(true);
      }
    }
    proxy.close();
  });

  const { lead, pieces, tail } = streamBytes("openai", PIECES, true);
  const whole = [lead, ...pieces, tail];
  const last = tail.toString();
  test.each([
    ["a stream that is cut off", [lead, ...pieces.slice(0, 5)], "cut", /closed before the end/],
    ["a stream cut off inside an event", [lead, pieces[0]?.subarray(0, 20) ?? ""], "cut", /closed before the end/],
    ["a stream that ends early with all ceremony", [lead, ...pieces.slice(0, 5)], "end", /without its last event/],
    ["a chunk too few", [lead, ...pieces.slice(0, -1), tail], "end", /11 pieces instead of 12/],
    [
      "a chunk lost in the middle",
      [lead, ...pieces.slice(0, 3), ...pieces.slice(4), tail],
      "end",
      /piece 3 is missing/,
    ],
    ["a chunk doubled", [lead, pieces[0] ?? "", ...pieces, tail], "end", /piece 1 is missing or out of place/],
    ["a stream without [DONE]", [...whole.slice(0, -1), last.replace("data: [DONE]\n\n", "")], "end", /last event/],
    [
      "a wrong usage",
      [...whole.slice(0, -1), last.replace(`"completion_tokens":${PIECES}`, '"completion_tokens":3')],
      "end",
      /usage/,
    ],
  ])("takes %s for an error", async (_, bytes, ending, fault) => {
    const url = await startFaulty((response) => {
      for (const part of bytes) response.write(part);
      if (ending === "end") response.end();
      else setTimeout(() => response.destroy(), 5);
    });
    const measured = await measureLoad(loadOn(url, "openai", true), {});
    expect(measured.errors).toBe(8);
    expect(Object.keys(measured.faults)).toEqual([expect.stringMatching(fault)]);
    expect(measured.perSecond).toBeUndefined();
  });

  const wrongUsage = jsonBytes("openai", PIECES)
    .toString()
    .replace(`"completion_tokens":${PIECES}`, '"completion_tokens":99');
  test.each([
    ["another status", 500, jsonBytes("openai", PIECES), /^status 500/],
    ["another text", 200, jsonBytes("openai", PIECES - 1), /not the text/],
    ["another usage", 200, wrongUsage, /usage tells 99 tokens instead of 12/],
    ["no JSON", 200, Buffer.from("<html>"), /not the JSON/],
  ])("takes %s for an error in a JSON answer", async (_, status, bytes, fault) => {
    const url = await startFaulty((response) => response.writeHead(status).end(bytes));
    const { faults } = await drive(loadOn(url, "openai", false));
    expect(Object.entries(faults)).toEqual([[expect.stringMatching(fault), 8]]);
  });

  test("cuts off what does not end in time", async () => {
    upstream.configure({ pieces: PIECES, intervalMs: 60_000 });
    const driven = await drive({ ...loadOn(upstream.url, "openai", true), limitMs: 200 });
    expect(driven.totals).toHaveLength(0);
    expect(driven.faults).toEqual({ "cut off after 200 ms": 4 });
  });

  test("holds idle streams open, and leaves them", async () => {
    upstream.configure({ pieces: 2, intervalMs: 60_000 });
    const load = { call: nativeCall(upstream.url, "openai", true), streams: 30, limitMs: 5000, quietMs: 50 };
    const measured = await measureIdleStreams(load, process.pid);
    expect(measured).toMatchObject({ sent: 30, open: 30, errors: 0 });
    await expect.poll(() => upstream.counts().aborted).toBe(30);
  });

  test("takes a stream that does not stay open for an error", async () => {
    const load = { call: nativeCall(upstream.url, "openai", true), streams: 10, limitMs: 5000, quietMs: 50 };
    expect(await measureIdleStreams(load, undefined)).toMatchObject({ sent: 10, open: 0, errors: 10 });
  });

  test.each([
    ["chunked", "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n7;ext=1\r\n, world\r\n0\r\n\r\n"],
    ["sized", "content-length: 12\r\n\r\nhello, world"],
  ])("reads a %s answer however it is split", (_, rest) => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n${rest}`);
    for (let size = 1; size <= bytes.length; size++) {
      let body = "";
      const parser = createResponseParser((part) => {
        body += part;
      });
      for (let at = 0; at < bytes.length; at += size) {
        expect(parser.push(bytes.subarray(at, at + size))).toBe(at + size >= bytes.length);
      }
      expect(body).toBe("hello, world");
      expect(parser.answer).toEqual({ status: 200, closes: false });
    }
  });
});

function loadOn(url: string, dialect: Dialect, stream: boolean) {
  const expected = { dialect, stream, pieces: PIECES };
  return { call: nativeCall(url, dialect, stream), expected, connections: 4, requests: 8, limitMs: 10_000 };
}

/** An upstream that answers as told, right or wrong. */
async function startFaulty(answer: (response: ServerResponse) => void) {
  faulty = createServer((request, response) => {
    request.resume().on("end", () => answer(response));
  });
  await new Promise<void>((listening) => faulty?.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(faulty.address() as AddressInfo).port}`;
}
