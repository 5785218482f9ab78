import type { ChatChunk, ChatDelta } from "../chat-chunk";
import { type CallItem, callItem } from "./call-item";
import { type MessageItem, messageItem } from "./message-item";
import { type ReasoningItem, reasoningItem } from "./reasoning-item";
import type { Called } from "./tools";

/** An event of the stream, without its number: told at once, because what it names goes on changing. */
export type Emit = (type: string, fields: object) => void;

export type ItemStatus = "completed" | "incomplete";

export type Json = Record<string, unknown>;

/** Where an item stands. */
export type Place = {
  /** An event about this item. */
  emit: Emit;
  done: (item: Json) => void;
};

export type AddItem = <Item>(prefix: string, fields: Json, make: (place: Place, item: Json) => Item) => Item;

/** Folds an answer into the items of a response, with each step as an event. */
export type Output = {
  items: Json[];
  add: (chunk: ChatChunk) => void;
  /** The same of an upstream that speaks this dialect, in its own words: an event, or its whole answer. */
  hear: (said: Json) => void;
  /** Nothing more will come. */
  close: (status: ItemStatus) => void;
};

/**
 * One thing is said at a time: what is thought, then what is said, then what is called. Calls alone may be made side by
 * side, and stay open until something else is said.
 *
 * @param seed what the ids of the items are made of
 */
export function responseOutput(seed: string, called: Called, emit: Emit): Output {
  const items: Json[] = [];
  const calls = new Map<number, CallItem>();
  let message: MessageItem | undefined;
  let thought: ReasoningItem | undefined;

  const add: AddItem = (prefix, fields, make) => {
    const output_index = items.length;
    const id = `${prefix}_${seed}${output_index}`;
    const item: Json = { id, ...fields };
    items.push(item);
    emit("response.output_item.added", { output_index, item });
    return make(
      {
        emit: (type, fields) => emit(type, { item_id: id, output_index, ...fields }),
        done: (whole) => emit("response.output_item.done", { output_index, item: whole }),
      },
      item,
    );
  };

  const closeThought = (status: ItemStatus) => {
    thought?.close(status);
    thought = undefined;
  };
  const closeMessage = (status: ItemStatus) => {
    message?.close(status);
    message = undefined;
  };
  const closeCalls = (status: ItemStatus) => {
    for (const call of calls.values()) call.close(status);
    calls.clear();
  };

  const think = (delta: ChatDelta) => {
    const details =
      delta.reasoning_details ?? (delta.reasoning ? [{ type: "reasoning.text" as const, text: delta.reasoning }] : []);
    for (const detail of details) {
      if (thought && !thought.takes(detail)) closeThought("completed");
      if (!thought) {
        closeMessage("completed");
        closeCalls("completed");
        thought = add("rs", { type: "reasoning", summary: [] }, reasoningItem);
      }
      thought.add(detail);
    }
  };

  const speak = ({ delta, logprobs }: ChatChunk["choices"][number]) => {
    if (!delta.content && !delta.refusal && !delta.annotations?.length) return;
    closeThought("completed");
    closeCalls("completed");
    message ??= add("msg", { type: "message", role: "assistant", status: "in_progress", content: [] }, messageItem);
    if (delta.content) message.text(delta.content, logprobs?.content ?? []);
    if (delta.refusal) message.refusal(delta.refusal);
    for (const annotation of delta.annotations ?? []) message.annotation(annotation);
  };

  const call = (delta: ChatDelta) => {
    for (const { index, id, function: piece } of delta.tool_calls ?? []) {
      closeThought("completed");
      closeMessage("completed");
      const known = calls.get(index) ?? callItem(add, called, { id, name: piece.name });
      calls.set(index, known);
      known.add(piece.arguments ?? "");
    }
  };

  const show = (delta: ChatDelta) => {
    for (const { image_url } of delta.images ?? []) {
      closeThought("completed");
      closeMessage("completed");
      const result = image_url.url.slice(image_url.url.indexOf(",") + 1);
      add("ig", { type: "image_generation_call", status: "completed", result }, ({ done }, item) => done(item));
    }
  };

  return {
    items,
    add(chunk) {
      for (const choice of chunk.choices) {
        // This dialect has one answer to a question.
        if (choice.index !== 0) continue;
        think(choice.delta);
        speak(choice);
        call(choice.delta);
        show(choice.delta);
      }
    },
    hear({ type, sequence_number: _number, ...fields }) {
      if (Array.isArray(fields.output)) items.push(...fields.output);
      // Of the response itself, which is known here better than there.
      if (typeof type !== "string" || fields.response !== undefined) return;
      if (type === "response.output_item.done") items.push(fields.item as Json);
      // Clients miss a text whose log probabilities are left out.
      emit(type, /^response\.output_text\.(delta|done)$/.test(type) ? { logprobs: [], ...fields } : fields);
    },
    close(status) {
      closeThought(status);
      closeMessage(status);
      closeCalls(status);
    },
  };
}
