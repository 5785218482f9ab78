import { Agent, type Dispatcher } from "undici";
import { processWide } from "@/lib/process-wide";
import { makeBody, readBytes, readStart, type UpstreamBody } from "./upstream-body";
import { UpstreamFault } from "./upstream-fault";

const CONNECT_MS = 5_000;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_REFUSAL_BYTES = 64 * 1024;

/** Milliseconds. For an answer that is not streamed, `headers` is as good as the whole time. */
export type Deadlines = { headers: number; idle: number };

const usual: Deadlines = { headers: 60_000, idle: 60_000 };

/** As much of a `Response` as the SDKs use; a native one costs more than the whole of the rest. */
export type UpstreamResponse = {
  ok: boolean;
  status: number;
  statusText: string;
  url: string;
  headers: Headers;
  body: UpstreamBody;
  text(): Promise<string>;
  json(): Promise<unknown>;
  arrayBuffer(): Promise<ArrayBuffer>;
};

type Init = Pick<RequestInit, "method" | "headers" | "body" | "signal"> & { deadlines?: Deadlines };

export type UpstreamFetch = (url: string | URL | Request, init?: Init) => Promise<UpstreamResponse>;

/**
 * A `fetch` for the SDKs, on undici's dispatcher: pooled connections, a deadline for each phase, no redirects, no
 * compression, and a body that stops the upstream while nobody reads.
 *
 * @throws UpstreamFault also where the upstream answers with another status than 2xx: each SDK would make an error
 * class of its own of it. The signal's reason, once that is aborted.
 */
export const upstreamFetch: UpstreamFetch = (url, init) => fetchWith(sharedAgent(), url, init);

/** What an SDK's `fetch` option takes. */
export const asFetch = (fetch: UpstreamFetch) => fetch as unknown as typeof globalThis.fetch;

/** For what an SDK passes on to `fetch` unread. */
export const withDeadlines = (deadlines: Deadlines) => ({ deadlines }) as object;

const sharedAgent = () => processWide("upstream-agent", () => makeAgent(CONNECT_MS));

export const makeAgent = (connectMilliseconds: number) =>
  new Agent({
    connect: { timeout: connectMilliseconds },
    keepAliveTimeout: 30_000,
    keepAliveMaxTimeout: 600_000,
    pipelining: 1,
  });

export async function fetchWith(
  agent: Dispatcher,
  url: string | URL | Request,
  init: Init = {},
): Promise<UpstreamResponse> {
  const target = new URL(String(url));
  const response = await exchange(agent, target, init);
  if (response.ok) return response;
  const text = (await readStart(response.body, MOST_REFUSAL_BYTES)).toString("utf8");
  throw new UpstreamFault({
    kind: "refused",
    status: response.status,
    body: text,
    retryAfter: response.headers.get("retry-after") ?? undefined,
    retryAfterMs: response.headers.get("retry-after-ms") ?? undefined,
  });
}

function exchange(agent: Dispatcher, url: URL, init: Init): Promise<UpstreamResponse> {
  const { signal, deadlines = usual } = init;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let controller: Dispatcher.DispatchController | undefined;
    let answered = false;
    const source = makeBody({
      pause: () => controller?.pause(),
      resume: () => controller?.resume(),
      abort: (reason) => controller?.abort(reason),
    });
    const fail = (reason: unknown) => {
      signal?.removeEventListener("abort", abort);
      if (answered) source.fail(reason);
      else reject(reason);
    };
    const abort = () => {
      fail(signal?.reason);
      controller?.abort(asError(signal?.reason));
    };
    signal?.addEventListener("abort", abort, { once: true });
    agent.dispatch(toDispatch(url, init, deadlines), {
      onRequestStart(its) {
        controller = its;
        // The abort came while the connection was being made, when there was nothing to abort yet.
        if (signal?.aborted) its.abort(asError(signal.reason));
      },
      onResponseStart(_, status, headers, statusText) {
        if (status < 200) return;
        answered = true;
        resolve(toResponse(url, status, statusText ?? "", headers, source.body));
      },
      onResponseData: (_, piece) => source.push(piece),
      onResponseEnd() {
        signal?.removeEventListener("abort", abort);
        source.end();
      },
      onResponseError: (_, error) => fail(signal?.aborted ? signal.reason : toFault(error, deadlines, answered)),
    });
  });
}

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error("aborted", { cause: reason }));

function toDispatch(url: URL, { method, headers, body }: Init, deadlines: Deadlines): Dispatcher.DispatchOptions {
  if (body != null && typeof body !== "string") throw new TypeError("only a string can be sent to an upstream");
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: (method ?? "GET") as Dispatcher.HttpMethod,
    headers: headers as Dispatcher.DispatchOptions["headers"],
    body,
    headersTimeout: deadlines.headers,
    bodyTimeout: deadlines.idle,
  };
}

type RawHeaders = Record<string, string | string[] | undefined>;

function toResponse(url: URL, status: number, statusText: string, raw: RawHeaders, body: UpstreamBody) {
  const bytes = () => readBytes(body, MOST_BYTES);
  const text = async () => withoutByteOrderMark((await bytes()).toString("utf8"));
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText,
    url: url.href,
    headers: toHeaders(raw),
    body,
    text,
    json: async () => JSON.parse(await text()),
    arrayBuffer: async () => new Uint8Array(await bytes()).buffer,
  };
}

/** The part of `Headers` that reads. A native one would be checked and sorted with each answer, for nothing. */
function toHeaders(raw: RawHeaders): Headers {
  const valueOf = (value: string | string[]) => (typeof value === "string" ? value : value.join(", "));
  function* entries(): Generator<[string, string]> {
    for (const name in raw) {
      const value = raw[name];
      if (value !== undefined) yield [name, valueOf(value)];
    }
  }
  const get = (name: string) => {
    const value = raw[name.toLowerCase()];
    return value === undefined ? null : valueOf(value);
  };
  const headers = { get, has: (name: string) => get(name) !== null, entries, [Symbol.iterator]: entries };
  return headers as unknown as Headers;
}

const withoutByteOrderMark = (text: string) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

function toFault(error: Error, deadlines: Deadlines, answered: boolean): Error {
  const code = codeOf(error);
  if (code === "UND_ERR_INVALID_ARG") return error;
  if (code === "UND_ERR_CONNECT_TIMEOUT" || (code === "ETIMEDOUT" && !answered)) {
    return new UpstreamFault({ kind: "late", phase: "connect", milliseconds: CONNECT_MS });
  }
  if (code === "UND_ERR_HEADERS_TIMEOUT") {
    return new UpstreamFault({ kind: "late", phase: "headers", milliseconds: deadlines.headers });
  }
  if (code === "UND_ERR_BODY_TIMEOUT") {
    return new UpstreamFault({ kind: "late", phase: "idle", milliseconds: deadlines.idle });
  }
  if (code?.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return new UpstreamFault({ kind: "malformed", what: "something that is not HTTP" });
  }
  return new UpstreamFault({ kind: "transport", code, duringAnswer: answered });
}

/** Node tries several addresses at once, and then the code is on each of the errors inside. */
function codeOf(error: Error & { code?: string }): string | undefined {
  if (error.code) return error.code;
  return error instanceof AggregateError ? error.errors.find((one) => one?.code)?.code : undefined;
}
