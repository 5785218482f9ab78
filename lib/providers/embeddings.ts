import { AppError, ProviderError } from "@/lib/errors";
import { type ChatChunk, type Embedding, finishChunk } from "@/lib/protocol/chat-chunk";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import type { TokenUsage } from "@/lib/protocol/token-usage";
import type { Connection, ProviderAdapter, ProviderCall } from "./adapter";
import { type Dialect, makeAdapter } from "./dialect";
import { readBytes } from "./upstream-body";
import { UpstreamFault } from "./upstream-fault";
import type { UpstreamResponse } from "./upstream-response";

/** 2,048 inputs of 3,072 numbers each, written out. */
const MOST_BYTES = 96 * 1024 * 1024;

/** What differs between those who embed. */
type Embedder = {
  send: (wish: EmbedWish, ...rest: Parameters<Dialect["send"]>) => Promise<UpstreamResponse>;
  /** Undefined for what is no embedding. */
  read: (answer: Record<string, unknown>) => { embeddings: (Embedding | undefined)[]; usage?: TokenUsage };
};

/** An adapter whose whole answer is one chunk with as many embeddings as there are inputs. */
export const makeEmbedder = (connection: Connection, { send, read }: Embedder): ProviderAdapter =>
  makeAdapter(connection, {
    async send(call, deadlines) {
      const response = await send(wishOf(call), call, deadlines);
      const text = async () => (await readBytes(response.body, MOST_BYTES)).toString("utf8");
      return { ...response, text };
    },
    readWhole(answer, call): ChatChunk {
      const { embeddings, usage } = read(answer);
      const whole = embeddings.filter((embedding) => embedding !== undefined);
      if (whole.length !== wishOf(call).inputs.length)
        throw new UpstreamFault({ kind: "malformed", what: "fewer or more embeddings than there were inputs" });
      return { ...finishChunk("stop", null), embeddings: whole, usage };
    },
    reader() {
      throw new Error("embeddings do not come in pieces");
    },
  });

function wishOf({ embed }: ProviderCall): EmbedWish {
  if (!embed) throw new Error("nothing is said of what to embed");
  return embed;
}

/** For a provider that makes none, whatever its endpoints say. */
export const noEmbeddings = ({ provider }: Connection): never => {
  throw new ProviderError(provider, "misconfigured", `${provider} makes no embeddings.`);
};

/** @throws AppError `invalid_request` for tokens, which are numbers of one company's tokenizer. */
export function textsOnly({ inputs }: EmbedWish, { provider }: Connection): string[] {
  return inputs.map((input) => {
    if (typeof input === "string") return input;
    throw new AppError("invalid_request", `${provider} embeds texts; token ids mean nothing to it.`);
  });
}
