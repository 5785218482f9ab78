import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Act, actFor } from "./acts";
import { anthropic } from "./anthropic";
import { gemini } from "./gemini";
import { openai } from "./openai";
import type { Json, WireFormat } from "./wire-format";

/** One upstream that speaks the wire formats of all three providers, and does what the prompt says. */
export type SpeakingUpstream = {
  openai: string;
  anthropic: string;
  google: string;
  /** The bodies that came in, the oldest first. */
  requests: Json[];
  /** Streams whose reader went away before their end. */
  abandoned: () => number;
  stop: () => Promise<void>;
};

/** Answers that were broken off from here, and not by their reader. */
const leavers = new WeakSet<ServerResponse>();

/** @param actOf what it does with a request; without it, what the prompt asks for */
export async function startSpeakingUpstream(actOf: typeof actFor = actFor): Promise<SpeakingUpstream> {
  const requests: Json[] = [];
  let abandoned = 0;
  const server = createServer(async (message, response) => {
    const body = JSON.parse(await textOf(message));
    requests.push(body);
    response.on("close", () => {
      if (!response.writableFinished && message.socket.destroyed && !leavers.has(response)) abandoned++;
    });
    await answer(message.url ?? "", body, response, actOf);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    openai: `${url}/v1`,
    anthropic: url,
    google: url,
    requests,
    abandoned: () => abandoned,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answer(path: string, body: Json, response: ServerResponse, actOf: typeof actFor) {
  for (const format of [openai, anthropic, gemini]) {
    const found = format.matches(path, body);
    if (!found) continue;
    const act = actOf(JSON.stringify(body), { thinks: format.thinks(body), hasTools: format.hasTools(body) });
    if (typeof act.end === "object") return refuse(format, act.end.status, response);
    if (found.stream) return stream(format, act, response);
    return json(response, 200, format.whole(act));
  }
  json(response, 404, { error: { message: `no such address: ${path}` } });
}

const refuse = (format: WireFormat, status: number, response: ServerResponse) =>
  json(response, status, format.refusal(status, "As you asked."), status === 429 ? { "retry-after": "7" } : {});

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function stream(format: WireFormat, act: Act, response: ServerResponse) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const events = format.events(act);
  for (const event of events) response.write(event);
  if (act.end === "finish") return response.end(format.finish(act).join(""));
  if (act.end === "error") return response.end(format.error());
  if (act.end === "never") return goOn(events.find((event) => event.includes(act.text ?? "")) ?? "", response);
  await sleep(50);
  leavers.add(response);
  response.destroy();
}

/** Fifteen seconds of the same word: longer than any test waits. */
async function goOn(event: string, response: ServerResponse) {
  for (let words = 0; words < 600 && !response.destroyed; words++) {
    response.write(event);
    await sleep(25);
  }
  response.end();
}

async function textOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of message) text += piece;
  return text;
}
