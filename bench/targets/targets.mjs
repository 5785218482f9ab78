// @ts-check
import { join } from "node:path";
import { startWorker } from "../children.mjs";
import { nativeCall, openaiCall } from "./calls.mjs";

/** @typedef {import("../rounds.mjs").Target} Target */

/** The models of the gateway's catalogue whose provider speaks each dialect. */
const GATEWAY_MODELS = {
  openai: "openai/gpt-4o-mini",
  anthropic: "anthropic/claude-sonnet-4.5",
  gemini: "google/gemini-2.5-flash",
};

/** @param {string} upstreamUrl @returns {Promise<Target>} */
export async function bareProxyTarget(upstreamUrl) {
  const start = async () => {
    const worker = startWorker(join(import.meta.dirname, "../processes/bare-proxy.mjs"), [upstreamUrl]);
    return { worker, url: String(await worker.call("url")) };
  };
  let proxy = await start();
  return {
    name: "bare proxy",
    answersIn: "upstream dialect",
    tally: newTally(),
    call: ({ dialect, stream }) => nativeCall(proxy.url, dialect, stream),
    charged: () => ({ target: proxy.worker.pid }),
    restart: async () => {
      await proxy.worker.stop();
      proxy = await start();
    },
  };
}

/** @param {string} upstreamUrl @param {number} pid @returns {Target} */
export function directTarget(upstreamUrl, pid) {
  return {
    name: "upstream itself",
    answersIn: "upstream dialect",
    tally: newTally(),
    call: ({ dialect, stream }) => nativeCall(upstreamUrl, dialect, stream),
    charged: () => ({ target: pid }),
  };
}

/** @param {import("./gateway.mjs").Gateway} gateway @returns {Target} */
export function gatewayTarget(gateway) {
  const headers = { authorization: `Bearer ${gateway.key}` };
  return {
    name: "gateway",
    answersIn: "openai",
    tally: newTally(),
    call: ({ dialect, stream }) =>
      openaiCall({ baseUrl: `${gateway.url()}/api/v1`, headers, model: GATEWAY_MODELS[dialect], stream }),
    charged: () => ({ target: gateway.pid(), database: gateway.databasePid }),
    restart: gateway.restart,
  };
}

/** @param {import("../options.mjs").Peer} peer @returns {Target} */
export function peerTarget({ name, baseUrl, key, model, pid, headers: extra }) {
  const headers = { authorization: `Bearer ${key}`, ...extra };
  return {
    name,
    answersIn: "openai",
    tally: newTally(),
    call: ({ dialect, stream }) => (dialect === "openai" ? openaiCall({ baseUrl, headers, model, stream }) : undefined),
    charged: () => ({ target: pid }),
  };
}

const newTally = () => ({ requests: 0, tokens: 0, errors: 0 });
