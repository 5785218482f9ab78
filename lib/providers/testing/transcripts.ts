import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { type Dialect, type Json, makeAdapter } from "../dialect";
import type { UpstreamBody } from "../upstream-body";
import type { UpstreamResponse } from "../upstream-response";
import { callOf } from "./calls";

/** What an upstream sent, as bytes, and what it would have sent unstreamed; nothing, for a stream that fails. */
export type Transcript = { name: string; bytes: Buffer; whole?: Json };

export type Reading = Pick<Dialect, "reader" | "readWhole">;

/** The `fixtures` of a folder of adapters. */
export function transcriptsIn(kind: string): Transcript[] {
  const folder = join(import.meta.dirname, "..", kind, "fixtures");
  const files = readdirSync(folder);
  return files
    .filter((file) => file.endsWith(".sse"))
    .map((file) => {
      const name = file.slice(0, -".sse".length);
      const bytes = readFileSync(join(folder, file));
      if (!files.includes(`${name}.json`)) return { name, bytes };
      return { name, bytes, whole: JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) };
    });
}

export type Outcome = { chunks: ChatChunk[]; error?: unknown };

/** What an adapter makes of a stream that arrives in these pieces. */
export const readStreamed = (reading: Reading, pieces: Iterable<Uint8Array>) =>
  outcomeOf(reading, true, { headers: new Headers(), body: bodyOf(pieces) });

/** What it makes of a whole answer. */
export const readUnstreamed = (reading: Reading, whole: Json) =>
  outcomeOf(reading, false, { text: async () => JSON.stringify(whole) });

async function outcomeOf(reading: Reading, stream: boolean, response: Partial<UpstreamResponse>): Promise<Outcome> {
  const connection = { provider: "A provider", kind: "openai", apiKey: "sk-0123456789abcdef" } as const;
  const adapter = makeAdapter(connection, { ...reading, send: async () => response as UpstreamResponse });
  const chunks: ChatChunk[] = [];
  try {
    for await (const chunk of adapter(callOf({ stream }))) chunks.push(chunk);
  } catch (error) {
    return { chunks: withPlainIds(chunks), error };
  }
  return { chunks: withPlainIds(chunks) };
}

function bodyOf(pieces: Iterable<Uint8Array>): UpstreamBody {
  async function* read() {
    for (const piece of pieces) yield Buffer.from(piece);
  }
  return Object.assign(read(), { letEnd() {} }) as unknown as UpstreamBody;
}

/** Ids that we made are other ones each time, so they are told by their order. */
function withPlainIds(chunks: ChatChunk[]): ChatChunk[] {
  const ids = new Map<string, string>();
  return JSON.parse(
    JSON.stringify(chunks).replace(/call_[0-9a-f]{24}/g, (id) => {
      if (!ids.has(id)) ids.set(id, `made_${ids.size}`);
      return ids.get(id) as string;
    }),
  );
}

/** The bytes cut before each of these positions. */
export function cutAt(bytes: Buffer, positions: Iterable<number>): Buffer[] {
  const cuts = [0, ...[...new Set(positions)].sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end));
}
