import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { findAccount, findDrift } from "@/db/queries/accounts";
import { settled } from "@/lib/billing/settle";
import { responseOf, said, streamOf, thought } from "@/lib/providers/openai-responses/testing/answers";
import { namedEvents } from "@/lib/providers/testing/stand-in-upstream";
import { callHandler, newCustomer } from "@/tests/call-handler";
import { useFreshDatabase } from "@/tests/database";
import { presetFromChat } from "./presets-api";
import { responses } from "./responses";

// biome-ignore lint/suspicious/noExplicitAny: a request or an event, read field by field
type Json = any;

/** OpenAI's Responses API, which answers with what stands here, and keeps what it was asked. */
let upstream: Server;
let answer: Json;
let asked: Json;

const MODEL = "openai/gpt-5.4";
/** A call in a form that the language inside has no words for. */
const PATCH = {
  type: "custom_tool_call",
  id: "ctc_1",
  call_id: "call_1",
  name: "patch",
  input: "*** Begin",
  status: "completed",
};
const SHELL = { type: "local_shell_call", id: "lsh_1", call_id: "call_2", action: { type: "exec", command: ["ls"] } };

beforeAll(async () => {
  upstream = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    asked = JSON.parse(text);
    if (!asked.stream) {
      response.writeHead(200, { "content-type": "application/json" });
      return response.end(JSON.stringify(answer));
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(namedEvents(...streamOf(answer)));
  }).listen(0, "127.0.0.1");
  await once(upstream, "listening");
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  await useFreshDatabase();
  Object.assign(process.env, {
    OPENAI_API_KEY: "stand-in",
    OPENAI_BASE_URL: `${url}/v1`,
    ANTHROPIC_API_KEY: "stand-in",
  });
});

afterAll(async () => {
  await settled();
  expect(await findDrift(db())).toMatchObject({ accounts: [], keys: [], usage: [] });
  upstream.closeAllConnections();
  upstream.close();
  await closeDatabase();
});

async function ask(body: Json, credits = "10") {
  const { key, accountId } = await newCustomer(credits);
  asked = undefined;
  const reply = await callHandler(responses, key, { body: { model: MODEL, input: "Go on.", ...body } });
  await settled();
  const events: Json[] = reply.json
    ? []
    : [...reply.text.matchAll(/^data: (\{.*)$/gm)].map(([, data = ""]) => JSON.parse(data));
  return { ...reply, events, accountId };
}

test("what OpenAI says in words that only this dialect has reaches the caller, whole and in pieces", async () => {
  answer = responseOf([thought("rs_1", ["Hm."], "secret"), PATCH, SHELL, said("Done.")] as never);
  const { json, accountId } = await ask({});
  expect(json.output).toEqual(answer.output);
  expect(json).toMatchObject({ model: MODEL, status: "completed", output_text: "Done.", usage: { input_tokens: 100 } });
  expect(json.id).toMatch(/^gen-/);
  const account = await findAccount(db(), accountId);
  expect(10_000_000_000n - (account?.postedNano ?? 0n)).toBe(BigInt(Math.round(json.usage.cost * 1e9)));

  const { events } = await ask({ stream: true });
  expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, at) => at));
  const theirs = streamOf(answer).filter((event) => !("response" in event));
  const ours = events.filter((event) => !event.response);
  expect(ours.map(({ sequence_number: _, ...event }) => event)).toEqual(
    theirs.map(({ sequence_number: _, ...event }) => event),
  );
  const last = events.at(-1);
  expect(last).toMatchObject({ type: "response.completed", response: { model: MODEL, output: answer.output } });
  expect(last.response.id).toBe(events[0].response.id);
  expect(last.response.usage.cost).toBeGreaterThan(0);
});

test("OpenAI hears the caller's own words, but for what is decided here", async () => {
  answer = responseOf([said("Done.")]);
  const own = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "secret" };
  const foreign = { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "openrouter.reasoning:W10=" };
  const shell = { type: "local_shell_call_output", id: "lsh_1", output: "a.txt" };
  const message = { type: "message", id: "msg_1", role: "assistant", phase: "commentary", content: [] };
  const picture = { type: "input_image", image_url: "https://example.com/a.png", file_id: "file-of-the-operator" };
  const tools = [
    { type: "local_shell" },
    { type: "custom", name: "patch", format: { type: "text" } },
    { type: "web_search" },
  ];
  await ask({
    input: [{ role: "user", content: [picture] }, own, message, PATCH, foreign, SHELL, shell],
    ...{ tools, temperature: 0.5, max_output_tokens: 500, service_tier: "priority", metadata: { a: "b" }, user: "u" },
    ...{ reasoning: { effort: "max", summary: "concise", max_tokens: 5 }, include: ["web_search_call.results"] },
    ...{ text: { verbosity: "max" }, client_metadata: { x: "y" }, provider: { allow_fallbacks: false } },
  });
  expect(asked).toEqual({
    model: "gpt-5.4",
    input: [
      { role: "user", content: [{ type: "input_image", image_url: "https://example.com/a.png" }] },
      ...[own, message, PATCH, SHELL, shell],
    ],
    tools: tools.slice(0, 2),
    max_output_tokens: 500,
    store: false,
    reasoning: { effort: "xhigh", summary: "concise" },
    include: ["reasoning.encrypted_content"],
    text: { verbosity: "high" },
  });
});

test("without tools nothing is said of them, and a thought is not asked for by itself", async () => {
  answer = responseOf([said("Done.")]);
  await ask({
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { effort: "low", summary: "auto", exclude: true },
  });
  expect(Object.keys(asked).sort()).toEqual(["include", "input", "max_output_tokens", "model", "reasoning", "store"]);
  expect(asked.reasoning).toEqual({ effort: "low", summary: null });
});

test("what only OpenAI's models know is asked of no others, and they are told by what", async () => {
  const { status, json } = await ask({ model: "anthropic/claude-sonnet-4.5", tools: [{ type: "local_shell" }] });
  expect(status).toBe(404);
  expect(json.error.message).toContain("tools of type local_shell");
  expect(asked).toBeUndefined();
});

test("what stands only in the caller's own words is paid for too", async () => {
  answer = responseOf([said("Done.")]);
  const item = { type: "local_shell_call_output", id: "lsh_1", output: "word ".repeat(40_000) };
  const { status, json } = await ask({ input: [{ role: "user", content: "Look." }, item] }, "0.02");
  expect({ status, asked }).toEqual({ status: 402, asked: undefined });
  expect(json.error.metadata.error_type).toBe("payment_required");
});

test("functions whose names OpenAI refuses have others there, and the caller's own here", async () => {
  answer = responseOf([
    { type: "function_call", id: "fc_1", call_id: "call_1", name: "get_weather", arguments: "{}" } as never,
  ]);
  const { json } = await ask({ tools: [{ type: "function", name: "get.weather", parameters: { type: "object" } }] });
  expect(asked.tools).toMatchObject([{ name: "get_weather" }]);
  expect(json.output).toMatchObject([{ type: "function_call", name: "get.weather" }]);
});

test("a preset says its part to OpenAI too, though the caller's own words do not have it", async () => {
  answer = responseOf([said("Done.")]);
  const { key } = await newCustomer();
  const messages = [{ role: "system", content: "Be brief." }];
  const saved = await callHandler(presetFromChat, key, {
    ...{ path: "/api/v1/presets/brief/chat/completions", body: { model: MODEL, messages, verbosity: "low" } },
  });
  expect(saved.status).toBe(200);
  const { status } = await callHandler(responses, key, { body: { preset: "brief", input: "Go on." } });
  expect(status).toBe(200);
  expect(asked).toMatchObject({ model: "gpt-5.4", text: { verbosity: "low" } });
  expect(JSON.stringify(asked.input)).toContain("Be brief.");
});
