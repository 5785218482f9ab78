import { readBytes, type UpstreamBody } from "./upstream-body";

const MOST_BYTES = 32 * 1024 * 1024;

/** As much of a `Response` as the SDKs use; a native one costs more than the whole of the rest. */
export type UpstreamResponse = {
  ok: boolean;
  status: number;
  statusText: string;
  url: string;
  headers: Headers;
  body: UpstreamBody;
  /** @throws UpstreamFault `malformed` for more than 32 MiB; so do the next two. */
  text(): Promise<string>;
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
};

export type RawHeaders = Record<string, string | string[] | undefined>;

type Head = { url: string; status: number; statusText: string; headers: RawHeaders };

export function makeResponse({ url, status, statusText, headers }: Head, body: UpstreamBody): UpstreamResponse {
  const bytes = () => readBytes(body, MOST_BYTES);
  const text = async () => withoutByteOrderMark((await bytes()).toString("utf8"));
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url,
    headers: makeHeaders(headers),
    body,
    text,
    json: async () => JSON.parse(await text()),
    arrayBuffer: async () => new Uint8Array(await bytes()).buffer,
  };
}

/** The part of `Headers` that reads. A native one would be checked and sorted with each answer, for nothing. */
function makeHeaders(raw: RawHeaders): Headers {
  function* entries(): Generator<[string, string]> {
    for (const name in raw) {
      const value = raw[name];
      if (value !== undefined) yield [name, joined(value)];
    }
  }
  const get = (name: string) => {
    const value = raw[name.toLowerCase()];
    return value === undefined ? null : joined(value);
  };
  const headers = { get, has: (name: string) => get(name) !== null, entries, [Symbol.iterator]: entries };
  return headers as unknown as Headers;
}

const joined = (value: string | string[]) => (typeof value === "string" ? value : value.join(", "));

const withoutByteOrderMark = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
