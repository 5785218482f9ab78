import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { AnswerReader, Json } from "../dialect";
import { placeOf, textOf } from "../text-of";
import { isObject } from "../upstream-complaint";
import { failed, readEnding } from "./ending";
import { argumentsKey, objectsIn, tellCall, tellItem } from "./item";
import {
  nothingToTell,
  type Telling,
  type ThoughtPlace,
  tellAnnotation,
  tellArguments,
  tellLogprobs,
  tellRefusal,
  tellText,
  tellThought,
  thoughtKey,
  toChunk,
} from "./telling";
import { addTold, nothingTold, type Told } from "./told";

export function responsesReader(): AnswerReader {
  const told = nothingTold();
  let begun = false;
  let ended = false;
  return {
    read(event) {
      const ending = readEnd(event, told);
      if (ending) {
        ended = true;
        return ending;
      }
      const telling = nothingToTell();
      tellEvent(telling, told, event);
      const chunk = toChunk(telling);
      if (chunk?.choices[0] && !begun) {
        begun = true;
        chunk.choices[0].delta = { role: "assistant", ...telling.delta };
      }
      return chunk;
    },
    finished: () => ended,
    ended: () => ended,
  };
}

function readEnd(event: Json, told: Told): ChatChunk | undefined {
  const response = isObject(event.response) ? event.response : {};
  switch (event.type) {
    case "response.completed":
      return readEnding(response, told.calls.size > 0);
    case "response.incomplete":
      return readEnding({ ...response, status: "incomplete" }, told.calls.size > 0);
    case "response.failed":
      throw failed(response.error);
    case "error":
      throw failed(event);
    default:
      return undefined;
  }
}

function tellEvent(telling: Telling, told: Told, event: Json): void {
  const at = placeOf(event.output_index);
  const part = placeOf(event.content_index);
  const piece = textOf(event.delta);
  switch (event.type) {
    case "response.output_text.delta":
      addTold(told, `${at}.${part}`, piece.length);
      tellText(telling, piece);
      tellMoreLogprobs(telling, told, `${at}.${part}.logprobs`, objectsIn(event.logprobs));
      break;
    case "response.refusal.delta":
      addTold(told, `${at}.${part}`, piece.length);
      tellRefusal(telling, piece);
      break;
    case "response.output_text.annotation.added":
      addTold(told, `${at}.${part}.annotations`, 1);
      tellAnnotation(telling, event.annotation);
      break;
    case "response.function_call_arguments.delta":
      tellMoreArguments(telling, told, at, piece);
      break;
    case "response.reasoning_summary_text.delta":
      tellMoreThought(
        telling,
        told,
        { id: event.item_id, at, kind: "summary", part: placeOf(event.summary_index) },
        piece,
      );
      break;
    case "response.reasoning_text.delta":
      tellMoreThought(telling, told, { id: event.item_id, at, kind: "text", part }, piece);
      break;
    case "response.output_item.added":
      if (isObject(event.item) && event.item.type === "function_call") tellCall(telling, told, event.item, at);
      break;
    case "response.output_item.done":
      if (isObject(event.item)) tellItem(telling, told, event.item, at);
  }
}

function tellMoreLogprobs(telling: Telling, told: Told, key: string, logprobs: Json[]): void {
  if (!logprobs.length) return;
  addTold(told, key, logprobs.length);
  tellLogprobs(telling, logprobs);
}

/** Where the call never began, its end will tell all of it. */
function tellMoreArguments(telling: Telling, told: Told, at: unknown, piece: string): void {
  const index = told.calls.get(at);
  if (index === undefined) return;
  addTold(told, argumentsKey(at), piece.length);
  tellArguments(telling, index, piece);
}

function tellMoreThought(telling: Telling, told: Told, place: ThoughtPlace, piece: string): void {
  addTold(told, thoughtKey(place), piece.length);
  tellThought(telling, told, place, piece);
}
