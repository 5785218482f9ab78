// @ts-check

/** @typedef {{ url: string, headers: Record<string, string>, body: object }} Call */

/**
 * A POST as it goes over the wire, made once for all its repetitions.
 * @param {Call} call
 */
export function requestBytes({ url, headers, body }) {
  const { host, hostname, port, pathname, search } = new URL(url);
  const content = JSON.stringify(body);
  const all = {
    host,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(content)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const bytes = Buffer.from(`POST ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n${content}`);
  return { address: { host: hostname, port: Number(port || 80) }, bytes };
}
