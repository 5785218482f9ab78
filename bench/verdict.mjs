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
 * What is wrong with the gateway's figures: wrong answers always, and the limits when they are to be checked.
 * @param {ScenarioResult[]} results
 * @param {string} target
 * @param {boolean} withFloors
 */
export function judgeFigures(results, target, withFloors) {
  const wrong = results.flatMap(({ scenario, results: targets }) => {
    const errors = targets.find(({ name }) => name === target)?.median.errors ?? 0;
    return errors > 0 ? [`${scenario.name}: ${errors} wrong answers`] : [];
  });
  return withFloors ? [...wrong, ...floorsBroken(results, readFloors(), target)] : wrong;
}
