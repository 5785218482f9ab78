// @ts-check
// The stand-ins as a process of their own: tells their URLs as a message and as a line of JSON, and ends with whoever started it.

import { startStandIns } from "./start.mjs";

const { openai, anthropic, google } = await startStandIns();
process.send?.({ openai, anthropic, google });
console.log(JSON.stringify({ openai, anthropic, google }));

// The channel closes also when the parent was killed without a chance to say goodbye.
if (process.send) process.on("disconnect", () => process.exit(0));
else process.stdin.on("end", () => process.exit(0)).resume();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
