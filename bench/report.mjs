// @ts-check

/** @typedef {import("./rounds.mjs").TargetResult} TargetResult */
/** @typedef {import("./rounds.mjs").Figures} Figures */
/** @typedef {import("./scenarios.mjs").Scenario} Scenario */
/** @typedef {{ figure: keyof Figures, heading: string, digits: number, ratio: boolean }} Column */

/** @type {(figure: keyof Figures, heading: string, digits: number, ratio?: boolean) => Column} */
const column = (figure, heading, digits, ratio = true) => ({ figure, heading, digits, ratio });

const LOAD_COLUMNS = [
  column("perSecond", "requests/s", 0),
  column("totalP50", "p50 ms", 2),
  column("totalP99", "p99 ms", 2),
  column("firstByteP50", "first byte p50 ms", 2),
  column("firstByteP99", "first byte p99 ms", 2),
  column("cpuPerRequest", "CPU µs/request", 0),
];
const STREAM_COLUMNS = [column("cpuPerPiece", "CPU µs/chunk", 1)];
const LAST_COLUMNS = [
  column("databaseCpuPerRequest", "database CPU µs/request", 0, false),
  column("peakMegabytes", "peak MB", 0),
  column("errors", "errors", 0, false),
];
const IDLE_COLUMNS = [
  column("open", "open", 0, false),
  column("kilobytesPerStream", "KB/stream", 1),
  column("baseMegabytes", "MB before", 0),
  column("abortedUpstream", "ended upstream", 0, false),
  column("errors", "errors", 0, false),
];

/**
 * One scenario as a Markdown table; in brackets, how many times the figure of the first target.
 * @param {Scenario} scenario
 * @param {TargetResult[]} results
 */
export function scenarioTable(scenario, results) {
  const columns = columnsOf(scenario);
  const base = results[0]?.median;
  const rows = results.map(({ name, median }) => [name, ...columns.map((each) => cell(each, median, base))]);
  const lines = [["target", ...columns.map(({ heading }) => heading)], columns.map(() => "---:"), ...rows];
  lines[1]?.unshift("---");
  const table = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  const faults = results.flatMap(({ name, median }) => faultLines(name, median.faults));
  return [`### ${scenario.name}: ${scenario.title}`, "", table, ...(faults.length > 0 ? ["", ...faults] : []), ""].join(
    "\n",
  );
}

/** @param {Scenario} scenario */
function columnsOf({ kind, stream }) {
  if (kind === "idle") return IDLE_COLUMNS;
  return [...LOAD_COLUMNS, ...(stream ? STREAM_COLUMNS : []), ...LAST_COLUMNS];
}

/** @type {(column: Column, figures: Figures, base: Figures | undefined) => string} */
function cell({ figure, digits, ratio }, figures, base) {
  const value = figures[figure];
  if (typeof value !== "number") return "–";
  const times = ratio && base !== figures ? ratioOf(figures, base, figure) : undefined;
  const text = value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return times === undefined ? text : `${text} (${times.toFixed(2)}×)`;
}

/**
 * How many times the base's figure this one is, when both were measured.
 * @type {(figures: Figures, base: Figures | undefined, figure: keyof Figures) => number | undefined}
 */
export function ratioOf(figures, base, figure) {
  const [value, unit] = [figures[figure], base?.[figure]];
  return typeof value === "number" && typeof unit === "number" && unit > 0 ? value / unit : undefined;
}

/** @param {string} name @param {Record<string, number>} faults */
function faultLines(name, faults) {
  return Object.entries(faults).map(([fault, count]) => `- ${name}: ${count} × ${fault.replaceAll("\n", " ")}`);
}
