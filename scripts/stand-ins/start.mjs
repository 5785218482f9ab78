// @ts-check
// Local servers that speak the wire formats of OpenAI, Anthropic and Gemini, for a start without any provider key.

import { text } from "node:stream/consumers";
import { handleGemini, handleMessages, handleResponses, Journal, LLMock, Logger } from "@copilotkit/aimock";
import { answer } from "./answer.mjs";
import { geminiEmbeddings, openaiEmbeddings } from "./embeddings.mjs";
import { anthropicWishes, geminiWishes, openaiWishes, responsesWishes, withPlainSchemas } from "./wishes.mjs";

const CHUNK_CHARACTERS = 12;

/**
 * @typedef {object} StandIns
 * @property {string} openai base URL, as the official client takes it
 * @property {string} anthropic
 * @property {string} google
 * @property {() => Promise<void>} stop
 */

/**
 * @param {{ port?: number, chunkDelayMs?: number }} [options] port 0: any free one
 * @returns {Promise<StandIns>}
 */
export async function startStandIns({ port = 0, chunkDelayMs = 20 } = {}) {
  const pace = { chunkSize: CHUNK_CHARACTERS, streamingProfile: { ttft: chunkDelayMs, tps: 1000 / chunkDelayMs } };
  const mock = new LLMock({ host: "127.0.0.1", port, journalMaxEntries: 1 });
  mock.on({ endpoint: "chat" }, (request) => answer(request, openaiWishes(request)), pace);
  // The mock server drops tool_choice and its like from these formats before a fixture sees the request,
  // so here its handlers get the request from us, each with an answer made for it.
  mock.mount("/v1/responses", {
    async handleRequest(request, response, path) {
      if (request.method !== "POST" || path !== "/") return false;
      const body = await text(request);
      const fixture = fixtureFor(responsesWishes(body), pace);
      await handleResponses(request, response, body, [fixture], new Journal(), defaults(), () => {});
      return true;
    },
  });
  mock.mount("/v1/messages", {
    async handleRequest(request, response, path) {
      if (request.method !== "POST" || path !== "/") return false;
      const body = await text(request);
      const fixture = fixtureFor(anthropicWishes(body), pace);
      await handleMessages(request, response, body, [fixture], new Journal(), defaults(), () => {});
      return true;
    },
  });
  mock.mount("/v1/embeddings", {
    async handleRequest(request, response, path) {
      if (request.method !== "POST" || path !== "/") return false;
      return json(response, openaiEmbeddings(await text(request)));
    },
  });
  mock.mount("/v1beta/models", {
    async handleRequest(request, response, path) {
      if (request.method === "POST" && path.endsWith(":batchEmbedContents"))
        return json(response, geminiEmbeddings(await text(request)));
      const [, model, method] = /^\/([^:]+):(generateContent|streamGenerateContent)$/.exec(path) ?? [];
      if (request.method !== "POST" || !model) return false;
      const body = await text(request);
      const [fixture, streams] = [fixtureFor(geminiWishes(body), pace), method === "streamGenerateContent"];
      const plain = withPlainSchemas(body);
      await handleGemini(request, response, plain, model, streams, [fixture], new Journal(), defaults(), () => {});
      return true;
    },
  });
  const url = await mock.start();
  return { openai: `${url}/v1`, anthropic: url, google: url, stop: () => mock.stop() };
}

/** @param {import("node:http").ServerResponse} response @param {object} body */
function json(response, body) {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
  return true;
}

/**
 * @param {import("./answer.mjs").Wishes} wishes
 * @param {import("@copilotkit/aimock").FixtureOpts} pace
 * @returns {import("@copilotkit/aimock").Fixture}
 */
const fixtureFor = (wishes, pace) => ({ match: {}, response: (request) => answer(request, wishes), ...pace });

const defaults = () => ({ latency: 0, chunkSize: CHUNK_CHARACTERS, replaySpeed: 1, logger: new Logger("silent") });
