import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { type ChatRequest, inOurWords } from "@/lib/protocol/chat-request";

/** What every upstream takes for the name of a function. */
const PLAIN = /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/;
const MOST_CHARACTERS = 64;

export type ToolNames = {
  /** The request with names that any upstream takes. */
  inRequest(request: ChatRequest): ChatRequest;
  /** Gives the functions that a chunk calls the caller's own names back. */
  inChunk(chunk: ChatChunk): ChatChunk;
};

/** Other names for functions whose own an upstream would refuse, one for each; undefined where all will do. */
export function toolNames(request: ChatRequest): ToolNames | undefined {
  const names = new Set(namesIn(request));
  const odd = [...names].filter((name) => !PLAIN.test(name));
  if (!odd.length) return undefined;
  const sent = new Map<string, string>();
  const own = new Map<string, string>();
  const last = new Map<string, number>();
  for (const name of odd) {
    const plain = free(name, names, last);
    names.add(plain);
    sent.set(name, plain);
    own.set(plain, name);
  }
  return {
    inRequest: (source) => renamed(source, (name) => sent.get(name) ?? name),
    inChunk(chunk) {
      for (const { delta } of chunk.choices)
        for (const { function: called } of delta.tool_calls ?? [])
          if (called.name) called.name = own.get(called.name) ?? called.name;
      return chunk;
    },
  };
}

function* namesIn({ tools, messages, tool_choice: choice }: ChatRequest): Generator<string> {
  for (const tool of tools ?? []) yield tool.function.name;
  if (choice && typeof choice !== "string") yield choice.function.name;
  for (const message of messages)
    if (message.role === "assistant") for (const call of message.tool_calls ?? []) yield call.function.name;
}

/** @param last the number that each plain form has come to: trying them all again would be quadratic */
function free(name: string, taken: ReadonlySet<string>, last: Map<string, number>): string {
  const plain = name.replace(/[^a-zA-Z0-9_-]/g, "_").replace(/^(?![a-zA-Z_])/, "_");
  for (let number = (last.get(plain) ?? 0) + 1; ; number++) {
    const end = number === 1 ? "" : `_${number}`;
    const candidate = plain.slice(0, MOST_CHARACTERS - end.length) + end;
    if (taken.has(candidate)) continue;
    last.set(plain, number);
    return candidate;
  }
}

function renamed(request: ChatRequest, rename: (name: string) => string): ChatRequest {
  const inFunction = <T extends { function: { name: string } }>(holder: T): T => ({
    ...holder,
    function: { ...holder.function, name: rename(holder.function.name) },
  });
  const { tools, messages, tool_choice: choice } = request;
  return {
    ...inOurWords(request),
    ...(tools && { tools: tools.map(inFunction) }),
    ...(choice && typeof choice !== "string" && { tool_choice: inFunction(choice) }),
    messages: messages.map((message) =>
      message.role === "assistant" && message.tool_calls
        ? { ...message, tool_calls: message.tool_calls.map(inFunction) }
        : message,
    ),
  };
}
