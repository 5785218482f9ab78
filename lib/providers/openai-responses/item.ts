import type { Json } from "../dialect";
import { textOf } from "../text-of";
import { isObject } from "../upstream-complaint";
import {
  type Telling,
  type ThoughtPlace,
  tellAnnotation,
  tellArguments,
  tellCallBegin,
  tellEncrypted,
  tellLogprobs,
  tellRefusal,
  tellText,
  tellThought,
  thoughtKey,
} from "./telling";
import { restOf, type Told } from "./told";

/**
 * Tells what is new in an item of the output that is whole: in a stream what its pieces left out, and all of it in an
 * answer that was not streamed.
 *
 * @param at its place in the output
 */
export function tellItem(telling: Telling, told: Told, item: Json, at: unknown): void {
  if (item.type === "message") {
    for (const [index, part] of objectsIn(item.content).entries()) tellPart(telling, told, part, `${at}.${index}`);
  } else if (item.type === "function_call") {
    tellCall(telling, told, item, at);
  } else if (item.type === "reasoning") {
    tellThoughts(telling, told, item, at);
  }
}

function tellPart(telling: Telling, told: Told, part: Json, key: string): void {
  if (part.type === "refusal") tellRefusal(telling, restOf(told, key, textOf(part.refusal)));
  if (part.type !== "output_text") return;
  tellText(telling, restOf(told, key, textOf(part.text)));
  tellLogprobs(telling, restOf(told, `${key}.logprobs`, objectsIn(part.logprobs)));
  for (const annotation of restOf(told, `${key}.annotations`, objectsIn(part.annotations))) {
    tellAnnotation(telling, annotation);
  }
}

/** Also for a call that only begins. */
export function tellCall(telling: Telling, told: Told, item: Json, at: unknown): void {
  const text = restOf(told, argumentsKey(at), textOf(item.arguments));
  const index = told.calls.get(at);
  if (index !== undefined) {
    tellArguments(telling, index, text);
    return;
  }
  tellCallBegin(telling, told.calls.size, item, text);
  told.calls.set(at, told.calls.size);
}

export const argumentsKey = (at: unknown) => `${at}.arguments`;

function tellThoughts(
  telling: Telling,
  told: Told,
  { id, summary, content, encrypted_content }: Json,
  at: unknown,
): void {
  const tellAll = (kind: ThoughtPlace["kind"], parts: unknown) => {
    for (const [part, { text }] of objectsIn(parts).entries()) {
      const place = { id, at, kind, part };
      tellThought(telling, told, place, restOf(told, thoughtKey(place), textOf(text)));
    }
  };
  tellAll("summary", summary);
  tellAll("text", content);
  tellEncrypted(telling, told, id, at, encrypted_content);
}

export const objectsIn = (list: unknown): Json[] => (Array.isArray(list) ? list.filter(isObject) : []);
