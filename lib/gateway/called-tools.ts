import type { ToolCallDelta } from "@/lib/protocol/chat-chunk";
import type { ChatRequest, ToolDefinition } from "@/lib/protocol/chat-request";

type Called = { name: string; arguments: string };

/** Listens to the calls of an answer, to say at its end whether its caller can make them. */
export function toolListener({ tools }: Pick<ChatRequest, "tools">) {
  const calls = new Map<string, Called>();
  return {
    note: (choice: number, deltas: readonly ToolCallDelta[]) => {
      if (!tools?.length) return;
      for (const {
        index,
        function: { name, arguments: text },
      } of deltas) {
        const of = `${choice} ${index}`;
        const call = calls.get(of) ?? { name: "", arguments: "" };
        calls.set(of, { name: call.name || (name ?? ""), arguments: call.arguments + (text ?? "") });
      }
    },
    /** Undefined where nothing was called. */
    faulty: (): boolean | undefined =>
      calls.size === 0 ? undefined : [...calls.values()].some((call) => isFaulty(call, tools ?? [])),
  };
}

/** A name that was not given, arguments that are no JSON object, or one that lacks what it must have. */
function isFaulty({ name, arguments: text }: Called, tools: readonly ToolDefinition[]): boolean {
  const tool = tools.find((known) => known.function.name === name);
  if (!tool) return true;
  let value: unknown;
  try {
    value = JSON.parse(text.trim() === "" ? "{}" : text);
  } catch {
    return true;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return true;
  const required = tool.function.parameters?.required;
  return Array.isArray(required) && required.some((field) => !Object.hasOwn(value, String(field)));
}
