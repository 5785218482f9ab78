import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

export type Received = { method: string; path: string; headers: IncomingHttpHeaders; body: string; socket: Socket };

export type StandIn = {
  url: string;
  received: Received[];
  /** Resolves when the connection of any request was closed from the other side. */
  hungUp: Promise<void>;
};

/** A real HTTP server on loopback that plays an upstream, until the test is over. */
export async function standIn(
  answer: (response: ServerResponse, request: Received) => void | Promise<void>,
): Promise<StandIn> {
  const received: Received[] = [];
  let tell = () => {};
  const hungUp = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const server = createServer(async (incoming, response) => {
    response.on("close", () => {
      if (!response.writableFinished) tell();
    });
    let body = "";
    for await (const piece of incoming.setEncoding("utf8")) body += piece;
    const { method = "", url = "", headers, socket } = incoming;
    const request = { method, path: url, headers, body, socket };
    received.push(request);
    await answer(response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, hungUp };
}

export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
}

/** Events as OpenAI and Google write them. */
export const events = (...all: unknown[]) => all.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

/** Events as Anthropic writes them, each with its name. */
export const namedEvents = (...all: { type: string }[]) =>
  all.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

export function sendStream(response: ServerResponse, text: string): void {
  beginStream(response);
  response.end(text);
}
