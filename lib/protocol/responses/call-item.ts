import type { AddItem, ItemStatus } from "./output";
import type { Called } from "./tools";

export type CallItem = { add: (piece: string) => void; close: (status: ItemStatus) => void };

/** A call, under the name and in the form in which the caller offered its tool. */
export function callItem(
  add: AddItem,
  called: Called,
  { id = "", name = "" }: { id?: string; name?: string },
): CallItem {
  const offered = called.get(name) ?? { name, custom: false };
  const head = {
    ...{ status: "in_progress", call_id: id, name: offered.name },
    ...(offered.namespace && { namespace: offered.namespace }),
  };
  return offered.custom ? customCall(add, head) : functionCall(add, head);
}

const functionCall = (add: AddItem, head: { name: string }): CallItem =>
  add("fc", { type: "function_call", ...head, arguments: "" }, ({ emit, done }, item) => {
    let text = "";
    return {
      add(piece) {
        if (!piece) return;
        text += piece;
        emit("response.function_call_arguments.delta", { delta: piece });
      },
      close(status) {
        // A tool without arguments is called with none, and that is no JSON.
        const whole = text.trim() === "" ? `${text}{}` : text;
        if (whole !== text) emit("response.function_call_arguments.delta", { delta: "{}" });
        Object.assign(item, { arguments: whole, status });
        emit("response.function_call_arguments.done", { arguments: whole, name: head.name });
        done(item);
      },
    };
  });

/** What is free text for the caller came as the one argument of a function, which has to be whole to be read. */
const customCall = (add: AddItem, head: object): CallItem =>
  add("ctc", { type: "custom_tool_call", ...head, input: "" }, ({ emit, done }, item) => {
    let text = "";
    return {
      add(piece) {
        text += piece;
      },
      close(status) {
        const input = readInput(text);
        Object.assign(item, { input, status });
        if (input) emit("response.custom_tool_call_input.delta", { delta: input });
        emit("response.custom_tool_call_input.done", { input });
        done(item);
      },
    };
  });

function readInput(text: string): string {
  try {
    const { input } = JSON.parse(text);
    return typeof input === "string" ? input : text;
  } catch {
    return text;
  }
}
