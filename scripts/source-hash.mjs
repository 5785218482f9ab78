// @ts-check

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * One hash over the names and contents of all files below the directories, and of the files, in `paths`, which are
 * relative to `root`. A path that is not there counts as empty.
 * @param {string} root
 * @param {string[]} paths
 * @param {(path: string) => boolean} [isWanted]
 */
export function hashOf(root, paths, isWanted = () => true) {
  const hash = createHash("sha256");
  const files = paths
    .flatMap((path) => filesAt(root, path))
    .filter(isWanted)
    .sort();
  for (const path of files) {
    const content = readFileSync(join(root, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesAt(root, path) {
  const found = join(root, path);
  if (!existsSync(found)) return [];
  if (!statSync(found).isDirectory()) return [path];
  return readdirSync(found).flatMap((name) => filesAt(root, `${path}/${name}`));
}
