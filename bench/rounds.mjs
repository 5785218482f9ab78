// @ts-check
import { setTimeout as delay } from "node:timers/promises";

/** @typedef {import("./scenarios.mjs").Scenario} Scenario */
/** @typedef {import("./load/measure-load.mjs").Measured & Partial<import("./load/idle-streams.mjs").IdleMeasured> & { abortedUpstream?: number }} Figures */
/** @typedef {{ pid: number, call: (method: string, ...values: unknown[]) => Promise<any>, stop: () => Promise<void> }} Worker */
/**
 * What is measured. `call` gives undefined for a scenario that the target cannot serve.
 * @typedef {{
 *   name: string, answersIn: "openai" | "upstream dialect", tally: Tally,
 *   call: (scenario: Scenario) => import("./load/request-bytes.mjs").Call | undefined,
 *   charged: () => import("./load/measure-load.mjs").Charged, restart?: () => Promise<void>,
 * }} Target
 */
/** All that was sent to a target, and the tokens of what came back right. */
/** @typedef {{ requests: number, tokens: number, errors: number }} Tally */
/** @typedef {{ upstream: Worker, generator: Worker }} Bench */
/** @typedef {{ name: string, rounds: Figures[], median: Figures }} TargetResult */

const JSON_PIECES = 20;
const ABORT_WAIT_MS = 5000;
const QUIET_MS = 1500;
const WARM_REQUESTS = 3000;
const WARM_STREAMS = 200;

/**
 * One scenario on all its targets in turn, round after round (A B A B …), so that whatever else the machine does falls
 * on all alike.
 * @param {Bench} bench
 * @param {Scenario} scenario
 * @param {Target[]} targets
 * @param {number} rounds
 * @returns {Promise<TargetResult[]>}
 */
export async function measureScenario(bench, scenario, targets, rounds) {
  const turns = targets.filter((target) => target.call(scenario)).map((target) => ({ target, figures: noFigures() }));
  for (let round = 0; round < (scenario.rounds ?? rounds); round++) {
    for (const { target, figures } of turns) {
      if (!figures.some(isHopeless)) figures.push(await measureOnce(bench, scenario, target, round === 0));
    }
  }
  return turns.map(({ target, figures }) => ({ name: target.name, rounds: figures, median: medians(figures) }));
}

/** A target that answers nothing right is not asked again: it may take its time to say no. @param {Figures} figures */
const isHopeless = (figures) => figures.errors >= figures.sent;

/** @type {(bench: Bench, scenario: Scenario, target: Target, first: boolean) => Promise<Figures>} */
async function measureOnce(bench, scenario, target, first) {
  if (scenario.freshProcess) await target.restart?.();
  const warm = await warmUp(bench, scenario, target, first || scenario.freshProcess === true);
  if (isHopeless(warm)) return { sent: warm.sent, errors: warm.errors, faults: warm.faults };
  const figures = await (scenario.kind === "idle" ? measureIdle : measureLoad)(bench, scenario, target);
  return { ...figures, errors: figures.errors + warm.errors, faults: sumUp([figures.faults, warm.faults]) };
}

/** The first time long enough for the compiler to have done its work; later, to fill pools and caches again. */
/** @type {(bench: Bench, scenario: Scenario, target: Target, first: boolean) => Promise<Figures>} */
function warmUp(bench, scenario, target, first) {
  const requests = (scenario.stream ? WARM_STREAMS : WARM_REQUESTS) / (first ? 1 : 10);
  const upstream = { pieces: scenario.kind === "idle" ? 2 : 100 };
  return measureLoad(
    bench,
    { ...scenario, connections: Math.min(requests, 32), requests, rampMs: 0, upstream },
    target,
  );
}

/** @type {(bench: Bench, scenario: Scenario, target: Target) => Promise<Figures>} */
async function measureLoad({ upstream, generator }, scenario, target) {
  await upstream.call("configure", { jsonPieces: JSON_PIECES, ...scenario.upstream });
  const { stream, connections, requests, rampMs, limitMs } = scenario;
  const dialect = target.answersIn === "openai" ? "openai" : scenario.dialect;
  const pieces = stream ? (scenario.upstream.pieces ?? 0) : JSON_PIECES;
  const expected = { dialect, stream, pieces };
  const load = { call: target.call(scenario), expected, connections, requests, rampMs, limitMs };
  const before = (await upstream.call("counts")).requests[scenario.dialect];
  const measured = await generator.call("measureLoad", load, target.charged());
  const arrived = (await upstream.call("counts")).requests[scenario.dialect] - before;
  const figures = withArrivals(measured, arrived);
  count(target.tally, figures, (requests - figures.errors) * pieces);
  return figures;
}

/** A right answer can still have come from the wrong dialect, or at the second attempt: that is not what is measured. */
/** @type {(figures: Figures, arrived: number) => Figures} */
function withArrivals(figures, arrived) {
  const errors = Math.abs(figures.sent - arrived);
  if (figures.errors > 0 || errors === 0) return figures;
  return { ...figures, errors, faults: { "request that did not come to the upstream once, in its dialect": errors } };
}

/** @type {(bench: Bench, scenario: Scenario, target: Target) => Promise<Figures>} */
async function measureIdle({ upstream, generator }, scenario, target) {
  await upstream.call("configure", scenario.upstream);
  const before = (await upstream.call("counts")).aborted;
  const load = {
    call: target.call(scenario),
    streams: scenario.connections,
    limitMs: scenario.limitMs,
    quietMs: QUIET_MS,
  };
  const figures = await generator.call("measureIdleStreams", load, target.charged().target);
  count(target.tally, figures, 0);
  const deadline = performance.now() + ABORT_WAIT_MS;
  let abortedUpstream = 0;
  while (abortedUpstream < figures.open && performance.now() < deadline) {
    await delay(100);
    abortedUpstream = (await upstream.call("counts")).aborted - before;
  }
  return { ...figures, faults: {}, abortedUpstream };
}

/** @type {(tally: Tally, figures: { sent: number, errors: number }, tokens: number) => void} */
function count(tally, { sent, errors }, tokens) {
  tally.requests += sent;
  tally.errors += errors;
  tally.tokens += tokens;
}

/** @returns {Figures[]} */
const noFigures = () => [];

/** The median of each figure by itself; errors are summed up. @param {Figures[]} rounds @returns {Figures} */
function medians(rounds) {
  /** @type {any} */
  const result = {};
  for (const name of Object.keys(rounds[0] ?? {})) {
    const values = rounds.map((round) => /** @type {any} */ (round)[name]).filter((value) => typeof value === "number");
    if (values.length > 0) result[name] = median(values);
  }
  const errors = rounds.reduce((sum, round) => sum + round.errors, 0);
  return { ...result, errors, faults: sumUp(rounds.map(({ faults }) => faults)) };
}

/** @param {Record<string, number>[]} faults */
function sumUp(faults) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const [fault, count] of faults.flatMap(Object.entries)) sums[fault] = (sums[fault] ?? 0) + count;
  return sums;
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
