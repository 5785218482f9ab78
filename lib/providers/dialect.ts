import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { Connection, ProviderAdapter, ProviderCall } from "./adapter";
import { type ConnectionDeadlines, deadlinesOf } from "./deadlines";
import { failureOf } from "./failure";
import { lastWord } from "./last-word";
import { type EventLimits, eventsOf, MOST_CHARACTERS_WITH_MEDIA } from "./server-sent-events";
import { toolNames } from "./tool-names";
import { isObject } from "./upstream-complaint";
import { findFault, UpstreamFault } from "./upstream-fault";
import type { UpstreamResponse } from "./upstream-response";

/** An object that came from an upstream: any field may be missing or of another type. */
export type Json = Record<string, unknown>;

/** Reads one streamed answer, event by event. */
export type AnswerReader = {
  /** What the event says to the caller, if anything. */
  read(event: Json): ChatChunk | undefined;
  /** Whether the upstream said why it stopped; an answer that just ends is a failure. */
  finished(): boolean;
  /** Whether the event that was read last was the very last. */
  ended?(): boolean;
};

/** What differs between upstreams: how a request is put, and what the answer means. */
export type Dialect = {
  /** Sends the request through the provider's SDK and hands out the answer as it came. */
  send(call: ProviderCall, deadlines: ConnectionDeadlines): Promise<UpstreamResponse>;
  /** An answer that was not streamed. */
  readWhole(answer: Json, call: ProviderCall): ChatChunk;
  reader(call: ProviderCall): AnswerReader;
  /** Whether single events may be as large as a picture. */
  sendsMedia?(call: ProviderCall): boolean;
};

export function makeAdapter(connection: Connection, dialect: Dialect): ProviderAdapter {
  return async function* (asked) {
    const names = toolNames(asked.request);
    const call = names ? { ...asked, request: names.inRequest(asked.request) } : asked;
    const named = (chunk: ChatChunk) => names?.inChunk(chunk) ?? chunk;
    try {
      if (call.signal.aborted) throw call.signal.reason;
      const response = await dialect.send(call, deadlinesOf(call));
      if (!call.request.stream) {
        yield named(dialect.readWhole(answerObject(await response.text()), call));
        return;
      }
      refuseOtherTypes(response.headers.get("content-type"));
      const reader = dialect.reader(call);
      const mostCharacters = dialect.sendsMedia?.(call) ? MOST_CHARACTERS_WITH_MEDIA : undefined;
      const ending = lastWord();
      for await (const chunk of chunksOf(response, reader, { mostCharacters })) {
        const rest = ending.keepBack(named(chunk));
        if (rest) yield rest;
      }
      if (!reader.finished()) throw new UpstreamFault({ kind: "transport", duringAnswer: true });
      yield ending.chunk();
    } catch (error) {
      throw failureOf(connection, call.signal, error, call.request.model);
    }
  };
}

/** How long an answer that is finished may take to close, while its usage may still come. */
const CLOSE_MS = 5_000;

/** What a stream says, up to its end. What goes wrong after an answer has said why it stopped takes nothing from it. */
async function* chunksOf({ body }: UpstreamResponse, reader: AnswerReader, limits: EventLimits) {
  let closing: NodeJS.Timeout | undefined;
  try {
    for await (const events of eventsOf(body, limits)) {
      for (const { data } of events) {
        if (data === "[DONE]") return body.letEnd();
        const chunk = data ? reader.read(eventObject(data)) : undefined;
        if (chunk) yield chunk;
        if (reader.ended?.()) return body.letEnd();
      }
      clearTimeout(closing);
      if (reader.finished()) closing = setTimeout(() => void body.return?.(), CLOSE_MS);
    }
  } catch (error) {
    if (!reader.finished() || !findFault(error)) throw error;
  } finally {
    clearTimeout(closing);
  }
}

function eventObject(data: string): Json {
  const event = parse(data);
  // Some servers put the error in the place of the whole event.
  if (event.error || event.object === "error") throw new UpstreamFault({ kind: "reported", error: event });
  return event;
}

function answerObject(text: string): Json {
  const answer = parse(text);
  if (answer.error) throw new UpstreamFault({ kind: "malformed", what: "an error with the status of a success" });
  return answer;
}

function parse(text: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UpstreamFault({
      kind: "malformed",
      what: text.trimStart().startsWith("<") ? "HTML instead of JSON" : "something that is not JSON",
    });
  }
  if (isObject(value)) return value;
  throw new UpstreamFault({ kind: "malformed", what: "JSON that is not an object" });
}

/** Servers name the type of a stream in many ways, but not in these. */
function refuseOtherTypes(type: string | null): void {
  if (type && /html|json/i.test(type)) {
    throw new UpstreamFault({ kind: "malformed", what: `${type.split(";")[0]} instead of a stream` });
  }
}
