import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Wire, type WireName, wires } from "./wires";

/** One request as it came, and the connection to answer it on. */
export type Exchange = {
  wire: Wire;
  /** Whether a stream was asked for. */
  stream: boolean;
  headers: IncomingHttpHeaders;
  body: string;
  response: ServerResponse;
  socket: Socket;
  /** performance.now() when the connection was closed, by whichever side; resolves then. */
  closed: Promise<number>;
  /** How often this provider was asked for this model before. */
  times: number;
};

/** How an upstream behaves. */
export type Fault = (exchange: Exchange) => unknown;

/** A server on loopback that plays all providers of a test; what each does for each model is said beforehand. */
export type FaultyUpstream = {
  /** Where an SDK finds this provider. */
  baseUrl: (provider: string, wire: WireName) => string;
  /** What a provider does when it is asked for a model. */
  script: (provider: string, model: string, fault: Fault) => void;
  /** The requests that a provider got for a model. */
  exchanges: (provider: string, model: string) => Exchange[];
  stop: () => Promise<void>;
};

const paths: [WireName, RegExp][] = [
  ["openai", /^\/v1\/chat\/completions$/],
  ["openai-responses", /^\/v1\/responses$/],
  ["anthropic", /^\/v1\/messages$/],
  ["google", /^\/v1beta\/models\/([^/:]+):(stream)?/i],
];

export async function startFaultyUpstream(): Promise<FaultyUpstream> {
  const scripts = new Map<string, Fault>();
  const seen = new Map<string, Exchange[]>();
  const of = (provider: string, model: string) => {
    const key = `${provider} ${model}`;
    const known = seen.get(key) ?? [];
    seen.set(key, known);
    return known;
  };
  const server = createServer({ keepAliveTimeout: 60_000 }, async (message, response) => {
    const { socket, headers } = message;
    response.on("error", () => {});
    const closed = new Promise<number>((resolve) => socket.once("close", () => resolve(performance.now())));
    let body = "";
    try {
      for await (const piece of message.setEncoding("utf8")) body += piece;
    } catch {
      return;
    }
    const [, provider = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(message.url ?? "") ?? [];
    const [name, pattern] = paths.find(([, form]) => form.test(path)) ?? [];
    if (!name || !pattern) throw new Error(`no provider is asked at ${message.url}`);
    const asked = JSON.parse(body);
    const [, inPath, streamed] = pattern.exec(path) ?? [];
    const model: string = inPath ?? asked.model;
    const known = of(provider, model);
    const stream = name === "google" ? streamed !== undefined : asked.stream === true;
    const exchange = { wire: wires[name], stream, headers, body, response, socket, closed, times: known.length };
    known.push(exchange);
    const fault = scripts.get(`${provider} ${model}`);
    if (!fault) throw new Error(`nobody said what ${provider} does for ${model}`);
    await fault(exchange);
  });
  server.on("connection", (socket) => socket.setMaxListeners(0).on("error", () => {}));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: (provider, wire) =>
      `http://127.0.0.1:${port}/${provider}${wire === "openai" || wire === "openai-responses" ? "/v1" : ""}`,
    script: (provider, model, fault) => void scripts.set(`${provider} ${model}`, fault),
    exchanges: of,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
