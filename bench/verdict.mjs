// @ts-check
import { booksFaults, readBooks } from "./books.mjs";
import { floorsBroken, readFloors } from "./floors.mjs";

/** @typedef {import("./floors.mjs").ScenarioResult} ScenarioResult */
/** @typedef {import("./rounds.mjs").Target} Target */

/**
 * Whether the money behind the figures was counted, in lines for the report and in faults that fail the run.
 * @param {import("./targets/gateway.mjs").Gateway} gateway
 * @param {Target} target
 */
export async function judgeBooks(gateway, { tally }) {
  const books = await readBooks(gateway.databaseUrl);
  const { code, output } = await gateway.checkMoney();
  const faults = booksFaults(books, tally);
  if (code !== 0) faults.push(`the money check failed: ${output.trim()}`);
  const lines = [
    "### The money behind the figures",
    "",
    `- requests sent, warm-up included: ${tally.requests}; wrong answers: ${tally.errors}`,
    `- generations settled: ${books.completed + books.others} (${books.completed} completed, ${books.others} cancelled or failed); holds left open: ${books.openHolds}`,
    `- output tokens received: ${tally.tokens}, billed: ${books.outputTokens}; charged: $${books.charged}`,
    `- the operator's money check: ${code === 0 ? "the books balance" : "FAILED"}`,
    "",
  ];
  return { lines, faults, books };
}

/**
 * What is wrong with the figures: wrong answers of the target or of the proxy it is compared with, and the limits when
 * they are to be checked. What another gateway gets wrong is only shown.
 * @param {ScenarioResult[]} scenarios
 * @param {string} target
 * @param {boolean} withFloors
 */
export function judgeFigures(scenarios, target, withFloors) {
  const wrong = scenarios.flatMap(({ scenario, results }) =>
    results
      .filter(({ name, median }, index) => (index === 0 || name === target) && median.errors > 0)
      .map(({ name, median }) => `${scenario.name}: ${median.errors} wrong answers from ${name}`),
  );
  return withFloors ? [...wrong, ...floorsBroken(scenarios, readFloors(), target)] : wrong;
}
