// @ts-check
import { parseArgs } from "node:util";

export const USAGE = `Usage: npm run bench -- [options]
  --rounds N            measure every scenario N times on every target (default 5)
  --only NAME,NAME      these scenarios alone
  --full                also a thousand streams at once, and a thousand idle ones
  --quick               a short smoke run
  --direct              also the upstream itself, with nothing in between
  --target NAME=URL,KEY,MODEL[,PID]   another gateway in the same run (may be repeated); with its
                        process id its CPU and memory are measured too
  --target-header NAME=HEADER:VALUE   a header more for that gateway (may be repeated)
  --upstream-port N     where the mock upstream listens, for another gateway's settings (default any)
  --no-build            take the app as it was built last
  --no-gateway          leave the gateway out: the other targets alone
  --profile DIRECTORY   write CPU profiles of the gateway there; its figures are then too high
  --json FILE           write every figure to a file
  --check               fail when a CPU ratio is above its limit in bench/floors.json`;

/** @typedef {ReturnType<typeof readOptions>} Options */
/** @typedef {{ name: string, baseUrl: string, key: string, model: string, pid?: number, headers: Record<string, string> }} Peer */

/** @param {string[]} argv @throws Error that says what is wrong with the arguments */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      rounds: { type: "string", default: "5" },
      only: { type: "string" },
      full: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      direct: { type: "boolean", default: false },
      target: { type: "string", multiple: true, default: [] },
      "target-header": { type: "string", multiple: true, default: [] },
      "upstream-port": { type: "string", default: "0" },
      "no-build": { type: "boolean", default: false },
      "no-gateway": { type: "boolean", default: false },
      profile: { type: "string" },
      json: { type: "string" },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    ...values,
    rounds: wholeNumber("--rounds", values.rounds, 1, 50),
    upstreamPort: wholeNumber("--upstream-port", values["upstream-port"], 0, 65_535),
    only: values.only?.split(","),
    peers: values.target.map((text) => readPeer(text, values["target-header"])),
    build: !values["no-build"],
    gateway: !values["no-gateway"],
  };
}

/** @type {(name: string, text: string, least: number, most: number) => number} */
function wholeNumber(name, text, least, most) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

/** @param {string} text @param {string[]} headerTexts @returns {Peer} */
function readPeer(text, headerTexts) {
  const [, name, baseUrl, key, model, pid] = /^([\w-]+)=(http:[^,]+?)\/?,([^,]*),([^,]+)(?:,(\d+))?$/.exec(text) ?? [];
  if (!name || !baseUrl || key === undefined || !model) {
    throw new Error(`--target takes NAME=URL,KEY,MODEL[,PID] with a plain http URL, not "${text}".`);
  }
  const headers = headerTexts
    .map((header) => /^([\w-]+)=([\w-]+): ?(.*)$/.exec(header))
    .filter((found) => found?.[1] === name);
  const extra = Object.fromEntries(headers.map((found) => [found?.[2], found?.[3]]));
  return { name, baseUrl, key, model, ...(pid && { pid: Number(pid) }), headers: extra };
}
