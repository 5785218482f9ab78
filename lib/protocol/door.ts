import type { AppError } from "@/lib/errors";
import type { Ending, Stamp } from "./answer";
import type { ChatChunk } from "./chat-chunk";
import type { ChatRequest } from "./chat-request";
import type { EmbedWish } from "./embed-wish";

/**
 * A dialect in which completions are asked for and answered: a mapping in and a fold out. All else about a completion
 * is the same whichever way it came in.
 */
export type Door = {
  /**
   * A request's body in the language inside, and how this one is answered.
   *
   * @throws AppError `invalid_request`
   */
  read: (body: unknown, header: (name: string) => string | undefined) => Question;
  /** The body of an answer that failed before it began. */
  errorBody: (error: AppError) => object;
};

export type Question = {
  request: ChatRequest;
  /** The messages are inputs, and each is to become an embedding. */
  embed?: EmbedWish;
  /** Folds an answer into one body, whose last words are known when it is settled. */
  fold: (chunks: AsyncIterable<ChatChunk>, stamp: Stamp) => Promise<(ending: Ending) => object>;
  /** Writes an answer as server-sent events. */
  writer: (stamp: Stamp) => EventWriter;
};

/** Each gives the text of some events, or of none. */
export type EventWriter = {
  chunk: (chunk: ChatChunk) => string;
  /** The last events of an answer that is whole. */
  end: (ending: Ending) => string;
  /** The last events of one that broke off, or never came. */
  error: (error: AppError) => string;
};
