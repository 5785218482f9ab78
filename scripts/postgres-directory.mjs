// @ts-check
// Makes a data directory, and keeps the password of the server over it in a file beside it.

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { commandAs } from "./postgres-binaries.mjs";

const NAMESPACE_HINT =
  "Postgres does not run as root, and no other user may enter this directory: " +
  "run this as another user, or allow others to enter (chmod o+x on the directory and all above it).";

/**
 * @typedef {import("./postgres-binaries.mjs").Binaries} Binaries
 * @typedef {import("./postgres-binaries.mjs").Identity} Identity
 */

/**
 * Under another name first, so that an interrupted start never leaves half a database behind.
 * @param {string} dataDir
 * @param {Binaries} binaries
 * @param {Identity} identity
 * @param {boolean} fsync
 */
export function initialise(dataDir, binaries, identity, fsync) {
  const unfinished = `${dataDir}.unfinished`;
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { mode: 0o700 });
  fs.rmSync(passwordFile(dataDir), { force: true });
  fs.writeFileSync(passwordFile(dataDir), randomBytes(24).toString("hex"), { mode: 0o600 });
  if (typeof identity === "object") {
    fs.chownSync(unfinished, identity.uid, identity.gid);
    fs.chownSync(passwordFile(dataDir), identity.uid, identity.gid);
  }
  const command = commandAs(identity, binaries.initdb, [
    ...["-D", unfinished, "--username=postgres", `--pwfile=${passwordFile(dataDir)}`, "--auth=scram-sha-256"],
    ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
    ...(fsync ? [] : ["--no-sync"]),
  ]);
  const result = spawnSync(command.file, command.args, { ...command.user, cwd: "/", encoding: "utf8" });
  if (result.status !== 0) {
    const said = `${result.error?.message ?? ""}${result.stdout ?? ""}${result.stderr ?? ""}`.trim();
    const hint = identity === "user namespace" ? `\n${NAMESPACE_HINT}` : "";
    throw new Error(`The database could not be made in ${dataDir}:\n${said}${hint}`);
  }
  fs.renameSync(unfinished, dataDir);
}

/** @param {string} dataDir */
export function readPassword(dataDir) {
  if (fs.existsSync(passwordFile(dataDir))) return fs.readFileSync(passwordFile(dataDir), "utf8").trim();
  throw new Error(`${passwordFile(dataDir)} is missing, so the database in ${dataDir} cannot be opened.`);
}

/** @param {string} dataDir */
const passwordFile = (dataDir) => `${dataDir}.password`;
