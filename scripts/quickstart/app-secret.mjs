// @ts-check

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * The secret kept in `file`, generated the first time. It has to stay the same for as long as the database lives.
 * @param {string} file
 */
export function keptSecret(file) {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  }
  return readFileSync(file, "utf8").trim();
}
