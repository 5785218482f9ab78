// @ts-check

import { createServer } from "node:net";

/** @typedef {{ host: string, port: number, url: string }} Address url is the one to call it by from this machine */

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Address}
 */
export function addressFrom(env) {
  const host = env.HOST || "127.0.0.1";
  const port = Number(env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`PORT is "${env.PORT}", but has to be a number from 1 to 65535.`);
  }
  const everyInterface = host === "0.0.0.0" || host === "::";
  const name = everyInterface ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return { host, port, url: `http://${name}:${port}` };
}

/**
 * @param {Address} address
 * @returns {Promise<void>}
 * @throws when nothing can listen there, with what to do about it
 */
export function requireFree({ host, port }) {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      const taken = error.code === "EADDRINUSE";
      const reason = taken ? "is taken by another program" : `cannot be used on ${host} (${error.code})`;
      fail(
        new Error(
          `Port ${port} ${reason}. Give another one: PORT=${port < 60_000 ? port + 1 : 3000} npm run quickstart`,
        ),
      );
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => done()));
  });
}
