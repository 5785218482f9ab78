import type { ToolCallDelta } from "@/lib/protocol/chat-chunk";
import { newCallId } from "../call-id";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";

type Call = { index: number; sentIndex?: number; sentId?: string; name: string; hasArguments: boolean };

/** The calls of one choice, which keep their numbers, ids and names from one piece to the next. */
export type ToolCalls = {
  read(pieces: Json[]): ToolCallDelta[];
  /** What is missing when the choice is over: arguments of calls that came without any. */
  close(): ToolCallDelta[];
  /** How many there are. */
  count(): number;
};

/**
 * Puts calls in order as servers send them: without an index or all with the same, without an id, or with id and name
 * on every piece. Ours are numbered from 0 without gaps, and only the first piece of each has its id and its name.
 */
export function readToolCalls(): ToolCalls {
  const calls: Call[] = [];
  return {
    read: (pieces) => pieces.map((piece) => readPiece(piece, calls)),
    close() {
      const empty = calls.filter(({ hasArguments }) => !hasArguments);
      return empty.map((call) => {
        call.hasArguments = true;
        return { index: call.index, function: { arguments: "{}" } };
      });
    },
    count: () => calls.length,
  };
}

function readPiece(piece: Json, calls: Call[]): ToolCallDelta {
  const target = isObject(piece.function) ? piece.function : {};
  const sentIndex = typeof piece.index === "number" ? piece.index : undefined;
  const sentId = textOf(piece.id);
  const name = textOf(target.name);
  const text = argumentsOf(target.arguments);
  const known = findCall(calls, sentIndex, sentId, name);
  const call = known ?? { index: calls.length, sentIndex, sentId, name: "", hasArguments: false };
  const delta: ToolCallDelta = { index: call.index, function: {} };
  if (!known) {
    calls.push(call);
    delta.id = sentId ?? newCallId();
    delta.type = "function";
  }
  if (name && !call.name) {
    call.name = name;
    delta.function.name = name;
  }
  if (text !== undefined) delta.function.arguments = text;
  if (text?.trim()) call.hasArguments = true;
  return delta;
}

/** The call that a piece continues. One that has a name and an id of its own begins another, whatever its index. */
function findCall(calls: Call[], index?: number, id?: string, name?: string): Call | undefined {
  const same = id === undefined ? undefined : calls.findLast(({ sentId }) => sentId === id);
  if (same) return same;
  if (index === undefined) return id || name ? undefined : calls.at(-1);
  const there = calls.findLast(({ sentIndex }) => sentIndex === index);
  return there?.sentId && there.name && id && name ? undefined : there;
}

const textOf = (value: unknown) => (typeof value === "string" && value ? value : undefined);

const argumentsOf = (value: unknown) =>
  typeof value === "string" ? value : isObject(value) ? JSON.stringify(value) : undefined;
