// @ts-check
import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { join } from "node:path";
import { startWorker, stopChildren } from "./children.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { canMeasure } from "./process-usage.mjs";
import { scenarioTable } from "./report.mjs";
import { measureScenario } from "./rounds.mjs";
import { chooseScenarios } from "./scenarios.mjs";
import { startGateway } from "./targets/gateway.mjs";
import { bareProxyTarget, directTarget, gatewayTarget, peerTarget } from "./targets/targets.mjs";
import { judgeBooks, judgeFigures } from "./verdict.mjs";

/** @typedef {import("./floors.mjs").ScenarioResult} ScenarioResult */
/** @typedef {import("./rounds.mjs").Worker} Worker */

/** @type {(() => Promise<void>)[]} */
const cleanups = [];
/** @type {Promise<void> | undefined} */
let ending;

for (const [signal, code] of /** @type {const} */ ([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])) {
  process.once(signal, () => end().finally(() => process.exit(code)));
}
try {
  process.exitCode = await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!ending) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await end();
}

/** @param {import("./options.mjs").Options} options @returns {Promise<number>} the exit code */
async function run(options) {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const scenarios = chooseScenarios(options);
  const bench = {
    upstream: startWorker(worker("mock-upstream"), [String(options.upstreamPort)]),
    generator: startWorker(worker("load-generator")),
  };
  const { gateway, targets, measured } = await startTargets(bench.upstream, options);
  console.log(heading(gateway?.startMs()));
  /** @type {ScenarioResult[]} */
  const results = [];
  for (const scenario of scenarios) {
    progress(`measuring ${scenario.name}`);
    const measurements = await measureScenario(bench, scenario, targets, options.rounds);
    results.push({ scenario, results: measurements });
    console.log(scenarioTable(scenario, measurements));
  }
  const judged = gateway && (await judgeBooks(gateway, measured));
  if (judged) console.log(judged.lines.join("\n"));
  if (options.json)
    await writeFile(options.json, JSON.stringify({ machine: machine(), results, books: judged?.books }, null, 2));
  const faults = [...(judged?.faults ?? []), ...judgeFigures(results, measured.name, options.check)];
  for (const fault of faults) console.error(`FAILED: ${fault}`);
  return faults.length > 0 ? 1 : 0;
}

/**
 * The bare proxy first: it is what the others are compared with.
 * @param {Worker} upstream
 * @param {import("./options.mjs").Options} options
 */
async function startTargets(upstream, options) {
  const upstreamUrl = await upstream.call("url");
  const targets = [await bareProxyTarget(upstreamUrl)];
  if (options.direct) targets.push(directTarget(upstreamUrl, upstream.pid));
  const atEnd = (/** @type {() => Promise<void>} */ cleanup) => void cleanups.unshift(cleanup);
  if (options.gateway) progress(options.build ? "building the app and starting it" : "starting the app");
  const gateway = options.gateway ? await startGateway(upstreamUrl, { ...options, atEnd }) : undefined;
  if (gateway) targets.push(gatewayTarget(gateway));
  const measured = /** @type {import("./rounds.mjs").Target} */ (targets.at(-1));
  targets.push(...options.peers.map(peerTarget));
  return { gateway, targets, measured };
}

/** Once, whoever asks: every process first, then what they leave behind. */
function end() {
  ending ??= (async () => {
    await stopChildren();
    for (const cleanup of cleanups) await cleanup();
  })();
  return ending;
}

/** @param {number | undefined} startMs */
function heading(startMs) {
  const { node, processor, cores } = machine();
  const started = startMs === undefined ? "" : ` The app answered ${Math.round(startMs)} ms after its start.`;
  const cpu = canMeasure ? "" : " CPU and memory are not measured: that needs Linux.";
  const compared = "In brackets: how many times the bare proxy's figure of the same run.";
  return `## Bench: Node ${node}, ${cores} cores (${processor})\n\n${compared}${started}${cpu}\n`;
}

function machine() {
  const [first] = cpus();
  return {
    node: process.versions.node,
    platform: process.platform,
    processor: first?.model.trim() ?? "",
    cores: availableParallelism(),
  };
}

/** @param {string} name */
function worker(name) {
  return join(import.meta.dirname, "processes", `${name}.mjs`);
}

/** To standard error, so that the report can be kept in a file. @param {string} text */
function progress(text) {
  console.error(`… ${text}`);
}
