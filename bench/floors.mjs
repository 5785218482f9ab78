// @ts-check
import { readFileSync } from "node:fs";
import { ratioOf } from "./report.mjs";

/** @typedef {{ scenario: import("./scenarios.mjs").Scenario, results: import("./rounds.mjs").TargetResult[] }} ScenarioResult */
/** @typedef {Record<string, { figure: "cpuPerRequest" | "cpuPerPiece" | "kilobytesPerStream", most: number }>} Floors */

/** @returns {Floors} */
export function readFloors() {
  return JSON.parse(readFileSync(new URL("floors.json", import.meta.url), "utf8"));
}

/**
 * What is over its limit, in words. A ratio within one run holds on a slow machine and on a busy one, where a time does
 * not; a ratio that could not be taken is a failure too, so that the check never passes for want of figures.
 * @param {ScenarioResult[]} scenarios
 * @param {Floors} floors
 * @param {string} target
 */
export function floorsBroken(scenarios, floors, target) {
  return scenarios.flatMap(({ scenario, results }) => {
    const floor = floors[scenario.name];
    if (!floor) return [];
    const figures = results.find(({ name }) => name === target)?.median;
    const ratio = figures && ratioOf(figures, results[0]?.median, floor.figure);
    if (ratio === undefined) return [`${scenario.name}: ${floor.figure} was not measured`];
    if (ratio <= floor.most) return [];
    return [`${scenario.name}: ${floor.figure} is ${ratio.toFixed(2)} times the bare proxy's, at most ${floor.most}`];
  });
}
