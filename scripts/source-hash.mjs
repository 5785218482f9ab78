// @ts-check

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";

/**
 * One hash over the names and contents of files, and of all files below the directories, in `paths`.
 * Paths that are not there count as empty.
 * @param {string[]} paths
 * @param {(path: string) => boolean} [isWanted]
 */
export function hashOf(paths, isWanted = () => true) {
  const hash = createHash("sha256");
  const files = paths.flatMap(filesAt).filter(isWanted).sort();
  for (const path of files) {
    const content = readFileSync(path);
    hash.update(`${path.split(sep).join("/")} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesAt(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesAt(join(path, name)));
}
