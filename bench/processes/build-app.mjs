// @ts-check
// A process of its own, so that what a build prints stays out of the report and an interrupted one ends with the rest.
import { buildIfNeeded } from "../../scripts/build.mjs";

await buildIfNeeded();
