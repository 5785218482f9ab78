import { Agent, type Dispatcher } from "undici";
import { processWide } from "@/lib/process-wide";
import { readConnectionError } from "./connection-error";
import { type ConnectionDeadlines, usualDeadlines } from "./deadlines";
import { rateLimitsIn } from "./retry-after";
import { type BodySource, makeBody, readStart } from "./upstream-body";
import { UpstreamFault } from "./upstream-fault";
import { makeResponse, type RawHeaders, type UpstreamResponse } from "./upstream-response";

const MOST_REFUSAL_BYTES = 64 * 1024;

type Init = Pick<RequestInit, "method" | "headers" | "body" | "signal"> & { deadlines?: ConnectionDeadlines };

export type UpstreamFetch = (url: string | URL | Request, init?: Init) => Promise<UpstreamResponse>;

/**
 * A `fetch` for the SDKs, on undici's dispatcher: pooled connections, a deadline for each phase, no redirects, no
 * compression, and a body that stops the upstream while nobody reads.
 *
 * @throws UpstreamFault also where the upstream answers with another status than 2xx: each SDK would make an error
 * class of its own of it. The signal's reason, once that is aborted.
 */
export const upstreamFetch: UpstreamFetch = (url, init) =>
  fetchWith(agentFor((init?.deadlines ?? usualDeadlines).connect), url, init);

/** What an SDK's `fetch` option takes. */
export const asFetch = (fetch: UpstreamFetch) => fetch as unknown as typeof globalThis.fetch;

/** For what an SDK passes on to `fetch` unread. */
export const withDeadlines = (deadlines: ConnectionDeadlines) => ({ deadlines }) as object;

/** The time to connect belongs to a pool of connections: there is one for each such time in use, and they are few. */
function agentFor(connectMilliseconds: number): Agent {
  const agents = processWide("upstream-agents", () => new Map<number, Agent>());
  const known = agents.get(connectMilliseconds);
  if (known) return known;
  const agent = makeAgent(connectMilliseconds);
  agents.set(connectMilliseconds, agent);
  return agent;
}

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
  const response = await exchange(agent, new URL(String(url)), init);
  if (response.ok) return refuseCompressed(response);
  const text = (await readStart(response.body, MOST_REFUSAL_BYTES)).toString("utf8");
  throw new UpstreamFault({
    kind: "refused",
    status: response.status,
    body: text,
    retryAfter: response.headers.get("retry-after") ?? undefined,
    retryAfterMs: response.headers.get("retry-after-ms") ?? undefined,
    rateLimits: rateLimitsIn(response.headers.entries()),
  });
}

/** Nobody asked for it: what it is unpacked, and how long, would be for the upstream to say. */
function refuseCompressed(response: UpstreamResponse): UpstreamResponse {
  const encoding = response.headers.get("content-encoding") ?? "identity";
  if (encoding === "identity") return response;
  void response.body.return?.();
  throw new UpstreamFault({ kind: "malformed", what: "a compressed answer, which was not asked for" });
}

type Exchange = {
  url: URL;
  signal: AbortSignal | null | undefined;
  deadlines: ConnectionDeadlines;
  source: BodySource;
  /** Ends it when its phase has lasted too long. undici's own timers look twice a second, and less often on a busy machine. */
  timer?: NodeJS.Timeout;
  /** Nobody reads at present: that nothing comes is not the upstream's silence. */
  paused: boolean;
  over: boolean;
  controller?: Dispatcher.DispatchController;
  answered: boolean;
  abort(): void;
  resolve(response: UpstreamResponse): void;
  reject(reason: unknown): void;
};

function exchange(agent: Dispatcher, url: URL, init: Init): Promise<UpstreamResponse> {
  const { signal, deadlines = usualDeadlines } = init;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const source = makeBody({
      pause: () => {
        its.paused = true;
        its.controller?.pause();
      },
      resume: () => {
        its.paused = false;
        if (!its.over) its.timer?.refresh();
        its.controller?.resume();
      },
      abort: (reason) => its.controller?.abort(reason),
    });
    const abort = () => {
      fail(its, signal?.reason);
      its.controller?.abort(asError(signal?.reason));
    };
    const state = { paused: false, over: false, answered: false };
    const its: Exchange = { url, signal, deadlines, source, ...state, abort, resolve, reject };
    signal?.addEventListener("abort", abort, { once: true });
    begin(its, "connect");
    agent.dispatch(toDispatch(url, init), handlerOf(its));
  });
}

function handlerOf(its: Exchange): Dispatcher.DispatchHandler {
  const { signal, source, deadlines, url } = its;
  return {
    onRequestStart(controller) {
      its.controller = controller;
      // The end came while the connection was being made, when there was nothing to abort yet.
      if (its.over) controller.abort(asError(signal?.reason));
      else begin(its, "headers");
    },
    onResponseStart(_, status, headers, statusText = "") {
      if (status < 200) return;
      its.answered = true;
      begin(its, "idle");
      its.resolve(makeResponse({ url: url.href, status, statusText, headers: headers as RawHeaders }, source.body));
    },
    onResponseData(_, piece) {
      if (!its.over) its.timer?.refresh();
      source.push(piece);
    },
    onResponseEnd() {
      close(its);
      source.end();
    },
    onResponseError(_, error) {
      fail(its, signal?.aborted ? signal.reason : readConnectionError(error, its.answered, deadlines));
    },
  };
}

/** From now on it waits for so long as this phase may last. */
function begin(its: Exchange, phase: keyof ConnectionDeadlines): void {
  clearTimeout(its.timer);
  const milliseconds = its.deadlines[phase];
  its.timer = setTimeout(() => {
    if (its.paused) return;
    const fault = new UpstreamFault({ kind: "late", phase, milliseconds });
    fail(its, fault);
    its.controller?.abort(fault);
  }, milliseconds);
}

function close(its: Exchange): void {
  its.over = true;
  clearTimeout(its.timer);
  its.signal?.removeEventListener("abort", its.abort);
}

function fail(its: Exchange, reason: unknown): void {
  if (its.over) return;
  close(its);
  if (its.answered) its.source.fail(reason);
  else its.reject(reason);
}

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error("aborted", { cause: reason }));

function toDispatch(url: URL, { method, headers, body }: Init): Dispatcher.DispatchOptions {
  if (body != null && typeof body !== "string") throw new TypeError("only a string can be sent to an upstream");
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: (method ?? "GET") as Dispatcher.HttpMethod,
    headers: headers as Dispatcher.DispatchOptions["headers"],
    body,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}
