import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

type Part = { type: string; text?: string };
type Body = { model: string; stream?: boolean; messages: { role: string; content: string | Part[] }[] };
type Behaviour = (response: ServerResponse, request: { body: Body; message: IncomingMessage }) => unknown;

/** An upstream of the OpenAI dialect whose model names say how it behaves. Loopback, one port. */
export type ScriptedUpstream = {
  baseUrl: string;
  /** How often each model was called. */
  calls: Map<string, number>;
  /** Streams whose caller went away before their end. */
  aborted: () => number;
  stop: () => Promise<void>;
};

const chunk = (delta: object, rest: object = {}) =>
  `data: ${JSON.stringify({ id: "up-1", object: "chat.completion.chunk", created: 1, model: "up", choices: [{ index: 0, delta, finish_reason: null }], ...rest })}\n\n`;
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const finish =
  chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }) +
  chunk({}, { choices: [], usage }) +
  "data: [DONE]\n\n";

function answer(response: ServerResponse, { body }: { body: Body }) {
  if (body.stream) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of ["One ", "two ", "three"]) response.write(chunk({ content: word }));
    return response.end(finish);
  }
  const message = { role: "assistant", content: "One two three" };
  json(response, 200, {
    id: "up-1",
    object: "chat.completion",
    created: 1,
    model: "up",
    choices: [{ index: 0, message, finish_reason: "stop" }],
    usage,
  });
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Each piece as a delta, a little time apart. */
async function stream(response: ServerResponse, deltas: object[]) {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const delta of deltas) {
    if (response.destroyed) return;
    response.write(chunk(delta));
    await sleep(10);
  }
  response.end(finish);
}

const textOf = (content: string | Part[] | undefined) =>
  typeof content === "string" ? content : (content ?? []).map(({ text }) => text ?? "").join("");
const pieces = (text: string) => (text.match(/[\s\S]{1,24}/g) ?? []).map((content) => ({ content }));

const behaviours: Record<string, Behaviour> = {
  /** Says what it was last told: what a test wants a model to say. */
  repeats: (response, { body }) => stream(response, pieces(textOf(body.messages.at(-1)?.content))),
  /** Says which parts the last message had, and how long what was said before was. */
  describes: (response, { body }) => {
    const content = body.messages.at(-1)?.content ?? "";
    const parts = typeof content === "string" ? ["text"] : content.map(({ type }) => type);
    return stream(response, pieces(`${body.messages.length} messages; the last has ${parts.join(", ")}`));
  },
  "thinks-first": (response) =>
    stream(response, [
      { reasoning_content: "First I look " },
      { reasoning_content: "at the question." },
      ...pieces("Here is the answer."),
    ]),
  /** Calls a tool, and says what it gave back. */
  "calls-a-tool": (response, { body }) => {
    const last = body.messages.at(-1);
    if (last?.role === "tool") return stream(response, pieces(`It said: ${textOf(last.content)}`));
    const call = (args: string, head: object = {}) => ({
      tool_calls: [{ index: 0, ...head, function: { ...("id" in head && { name: "weather" }), arguments: args } }],
    });
    return stream(response, [call("", { id: "call_1", type: "function" }), call('{"city":'), call(' "Bern"}')]);
  },
  answers: answer,
  "answers-slowly": async (response, request) => {
    await sleep(300);
    answer(response, request);
  },
  refuses: (response) =>
    json(response, 400, {
      error: { message: "temperature and seed disagree", type: "invalid_request_error", code: null },
    }),
  "bad-key": (response, { message }) =>
    json(
      response,
      401,
      { error: { message: `Incorrect API key provided: ${message.headers.authorization}`, code: "invalid_api_key" } },
      { "x-upstream-secret": "internal-header" },
    ),
  breaks: (response) => json(response, 500, { error: { message: "boom at db-7.internal" } }),
  throttles: (response) =>
    json(response, 429, { error: { message: "Slow down", code: "rate_limit_exceeded" } }, { "retry-after": "7" }),
  "dies-midway": async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(chunk({ content: "A beginning" }));
    await sleep(100);
    response.destroy();
  },
  "three-seconds": async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let words = 0; words < 30 && !response.destroyed; words++) {
      response.write(chunk({ content: "word " }));
      await sleep(100);
    }
    response.end(finish);
  },
  "goes-on-and-on": async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (let words = 0; words < 600 && !response.destroyed; words++) {
      response.write(chunk({ content: "word " }));
      await sleep(25);
    }
    response.end(finish);
  },
  "counts-too-much": (response, request) => {
    const message = { role: "assistant", content: "Hi" };
    json(response, 200, {
      id: "up-1",
      object: "chat.completion",
      created: 1,
      model: request.body.model,
      choices: [{ index: 0, message, finish_reason: "stop" }],
      usage: { prompt_tokens: 5_000_000, completion_tokens: 5_000_000, total_tokens: 10_000_000 },
    });
  },
  "counts-nothing": (response) => {
    const message = { role: "assistant", content: "One two three four five six seven" };
    json(response, 200, {
      id: "up-1",
      object: "chat.completion",
      created: 1,
      model: "up",
      choices: [{ index: 0, message, finish_reason: "stop" }],
    });
  },
};

export async function startScriptedUpstream(): Promise<ScriptedUpstream> {
  const calls = new Map<string, number>();
  let aborted = 0;
  const server = createServer(async (message, response) => {
    let text = "";
    for await (const piece of message) text += piece;
    const body = JSON.parse(text || "{}");
    calls.set(body.model, (calls.get(body.model) ?? 0) + 1);
    response.on("close", () => {
      if (!response.writableFinished && !response.errored && message.socket.destroyed) aborted++;
    });
    await (behaviours[body.model] ?? behaviours.breaks)?.(response, { body, message });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    calls,
    aborted: () => aborted,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
