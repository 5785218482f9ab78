// @ts-check

/** @typedef {import("./upstream/mock-upstream.mjs").AnswerShape} AnswerShape */
/**
 * Kind "load" sends `requests` over `connections`; kind "idle" opens `connections` streams and weighs them. `freshProcess`
 * starts the target anew first, since memory that an earlier run freed would hide what this one takes.
 * @typedef {{
 *   name: string, title: string, kind: "load" | "idle", dialect: import("./upstream/dialects.mjs").Dialect, stream: boolean,
 *   connections: number, requests: number, rampMs?: number, limitMs: number, upstream: Partial<AnswerShape>,
 *   full?: boolean, freshProcess?: boolean, rounds?: number,
 * }} Scenario
 */

const LIMIT_MS = 60_000;
const PACED = { pieces: 100, intervalMs: 5 };
const BURST = { pieces: 100, intervalMs: 0 };

/** @type {Scenario[]} */
export const SCENARIOS = [
  {
    ...load("json-1", "JSON, 1 connection"),
    stream: false,
    connections: 1,
    requests: 1000,
  },
  {
    ...load("json-32", "JSON, 32 connections"),
    stream: false,
    connections: 32,
    requests: 6000,
  },
  {
    ...load("paced", "Streams of 100 chunks, 5 ms apart, 32 at a time"),
    connections: 32,
    requests: 128,
    upstream: PACED,
  },
  {
    ...load("burst", "Streams of 100 chunks in a burst, 32 at a time"),
    connections: 32,
    requests: 640,
    upstream: BURST,
  },
  {
    ...load("paced-anthropic", "The paced streams, from an Anthropic-shaped upstream"),
    dialect: "anthropic",
    connections: 32,
    requests: 128,
    upstream: PACED,
  },
  {
    ...load("paced-gemini", "The paced streams, from a Gemini-shaped upstream"),
    dialect: "gemini",
    connections: 32,
    requests: 128,
    upstream: PACED,
  },
  {
    ...load("thousand", "1,000 streams of 50 chunks, 200 ms apart, all open at once"),
    connections: 1000,
    requests: 1000,
    rampMs: 4000,
    upstream: { pieces: 50, intervalMs: 200 },
    full: true,
    rounds: 2,
    freshProcess: true,
  },
  {
    ...load("idle", "1,000 idle streams"),
    kind: "idle",
    connections: 1000,
    requests: 1000,
    upstream: { pieces: 2, intervalMs: 120_000 },
    full: true,
    rounds: 2,
    freshProcess: true,
  },
];

/**
 * @param {{ only?: string[], full: boolean, quick: boolean }} wanted
 * @throws Error that names a scenario which does not exist
 */
export function chooseScenarios({ only, full, quick }) {
  const unknown = only?.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown)
    throw new Error(`There is no scenario "${unknown}"; there are ${SCENARIOS.map(({ name }) => name).join(", ")}.`);
  const chosen = SCENARIOS.filter((scenario) => (only ? only.includes(scenario.name) : full || !scenario.full));
  return quick ? chosen.map(shortened) : chosen;
}

/** Enough to see that all works and roughly what it costs. @param {Scenario} scenario @returns {Scenario} */
function shortened(scenario) {
  const requests = Math.max(scenario.connections, Math.round(scenario.requests / 4));
  return { ...scenario, requests: scenario.kind === "idle" ? scenario.requests : requests, rounds: 1 };
}

/** @param {string} name @param {string} title @returns {Scenario} */
function load(name, title) {
  return {
    name,
    title,
    kind: "load",
    dialect: "openai",
    stream: true,
    connections: 1,
    requests: 1,
    limitMs: LIMIT_MS,
    upstream: {},
  };
}
