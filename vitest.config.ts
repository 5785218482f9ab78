import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const resolve = { alias: { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") } };
const globalSetup = "tests/postgres.ts";
// What starts servers and browsers shares its machine with others: where nobody is there to look, a test is tried twice before it fails.
const retry = process.env.CI ? 1 : 0;

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          include: ["{lib,db,components,scripts}/**/*.test.ts", "tests/unit/**/*.test.ts"],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          name: "api",
          include: ["tests/api/**/*.test.ts"],
          globalSetup,
          retry,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Each file starts a server of its own; two cores carry no more.
          maxWorkers: 2,
        },
      },
      {
        resolve,
        test: {
          name: "browser",
          include: ["tests/browser/**/*.test.ts"],
          globalSetup,
          retry,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
      {
        resolve,
        test: {
          name: "long",
          include: ["tests/long/**/*.test.ts"],
          globalSetup,
          testTimeout: 1_800_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
