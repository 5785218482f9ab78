import { AppError } from "@/lib/errors";
import type { ChatRequest, ToolDefinition } from "../chat-request";
import type { ResponsesBody, Tool } from "./body";
import type { Unspoken } from "./parts";

/** Tools that OpenAI describes to its models, and that the caller runs himself. */
const RUN_BY_THE_CALLER = new Set(["local_shell", "apply_patch", "computer_use_preview", "computer"]);
/** Offered by agents with all of their requests: beside other tools it is left out, as a parameter nobody knows is. */
const WEB_SEARCH = /^(openrouter:)?web_search/;
const MOST_CHARACTERS = 64;

/** What is called under the name that the language inside has for it. */
export type Called = Map<string, { name: string; namespace?: string; custom: boolean }>;

/**
 * Tools as functions: one that takes free text is a function with one text, and of a namespace each has a name of its
 * own. `called` says what they were.
 *
 * @throws AppError `invalid_request` for a tool that a provider would run: no hold can bound what that costs
 */
export function toTools({ tools, tool_choice: choice }: ResponsesBody, unspoken: Unspoken) {
  const called: Called = new Map();
  const served = withoutSearch(tools ?? []);
  const functions = served.flatMap((tool) => toFunctions(tool, called, unspoken));
  const allowed = typeof choice === "object" && choice?.type === "allowed_tools" ? namesIn(choice, called) : undefined;
  return {
    /** As they are told to an upstream that speaks this dialect. */
    served,
    called,
    functions: allowed ? functions.filter(({ function: { name } }) => allowed.has(name)) : functions,
    choice: toChoice(choice, called, unspoken),
  };
}

function withoutSearch(tools: readonly Tool[]): Tool[] {
  const others = tools.filter(({ type }) => !WEB_SEARCH.test(type));
  return others.length > 0 ? others : [...tools];
}

function toFunctions(tool: Tool, called: Called, unspoken: Unspoken, namespace?: string): ToolDefinition[] {
  const { type, name = "" } = tool;
  if (type === "namespace" && !namespace && Array.isArray(tool.tools))
    return (tool.tools as Tool[]).flatMap((inner) => {
      const description = [tool.description, inner.description].filter(Boolean).join("\n\n");
      return toFunctions({ ...inner, description }, called, unspoken, name);
    });
  if (RUN_BY_THE_CALLER.has(type)) {
    unspoken(`tools of type ${type}`);
    return [];
  }
  if ((type !== "function" && type !== "custom") || !name) throw notServed(type);
  const sent = freeName(namespace ? `${namespace}__${name}` : name, called);
  called.set(sent, { name, ...(namespace && { namespace }), custom: type === "custom" });
  return [{ type: "function", function: { name: sent, ...(type === "custom" ? freeText(tool) : described(tool)) } }];
}

const notServed = (type: string) =>
  new AppError(
    "invalid_request",
    `Tools of type ${type} are not served here: a provider would run them, at a cost that cannot be known before.`,
  );

function freeName(name: string, taken: Called): string {
  if (name.length <= MOST_CHARACTERS && !taken.has(name)) return name;
  for (let number = 2; ; number++) {
    const end = `_${number}`;
    const candidate = name.slice(0, MOST_CHARACTERS - end.length) + end;
    if (!taken.has(candidate)) return candidate;
  }
}

type Described = Omit<ToolDefinition["function"], "name">;

function described({ description, parameters, strict }: Tool): Described {
  return {
    ...(typeof description === "string" && { description }),
    ...(isRecord(parameters) && { parameters }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

/** A grammar that nobody enforces is told to the model. */
function freeText({ description, format }: Tool): Described {
  const grammar =
    isRecord(format) && format.type === "grammar" ? `The input is ${format.syntax}: ${format.definition}` : "";
  return {
    description: [description, grammar].filter(Boolean).join("\n\n"),
    parameters: { type: "object", properties: { input: { type: "string" } }, required: ["input"] },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Under which name a function of the caller's is known inside. */
export function toSentName(called: Called, name: string, namespace: string | null | undefined): string {
  for (const [sent, one] of called) if (one.name === name && (one.namespace ?? "") === (namespace ?? "")) return sent;
  return namespace ? `${namespace}__${name}` : name;
}

type Choice = ResponsesBody["tool_choice"];

function toChoice(choice: Choice, called: Called, unspoken: Unspoken): ChatRequest["tool_choice"] {
  if (choice == null || typeof choice === "string") return choice ?? undefined;
  if (choice.type === "function" || choice.type === "custom")
    return { type: "function", function: { name: toSentName(called, choice.name ?? "", choice.namespace as string) } };
  if (choice.type === "allowed_tools") return choice.mode === "required" ? "required" : "auto";
  if (!RUN_BY_THE_CALLER.has(choice.type)) throw notServed(choice.type);
  unspoken(`a choice of ${choice.type}`);
  return undefined;
}

const namesIn = ({ tools }: Exclude<Choice, string | null | undefined>, called: Called) =>
  new Set(
    (Array.isArray(tools) ? tools : []).map(({ name, namespace }) => toSentName(called, String(name), namespace)),
  );
