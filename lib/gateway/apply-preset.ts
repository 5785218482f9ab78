import type { LivePreset } from "@/db/queries/presets";
import { AppError } from "@/lib/errors";
import { type ChatRequest, NATIVE, parseChatRequest } from "@/lib/protocol/chat-request";

/** The fields of a request that a preset keeps. */
const KEPT = [
  ...["model", "models", "provider", "plugins", "route"],
  ...["tools", "tool_choice", "parallel_tool_calls", "response_format", "structured_outputs"],
  ...["max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "top_a", "seed", "stop"],
  ...["frequency_penalty", "presence_penalty", "repetition_penalty", "logit_bias", "logprobs", "top_logprobs"],
  ...["reasoning", "reasoning_effort", "include_reasoning", "verbosity", "modalities", "cache_control"],
  ...["cache_enabled", "cache_ttl_seconds"],
];

/** Fields that say the same in other words: who sends one of them means none of the preset's. */
const SYNONYMS = [
  ["max_tokens", "max_completion_tokens"],
  ["reasoning", "reasoning_effort", "include_reasoning"],
];

const SLUG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const REFERENCE = /^(.*?)@preset\/(.*)$/;

export const isPresetSlug = (slug: string): boolean => SLUG.test(slug);

/**
 * The preset that a request names: `@preset/slug`, `company/model@preset/slug`, or the field `preset`. With the model that
 * is named beside it.
 *
 * @throws AppError `invalid_request` for two presets at once
 */
export function presetNamed({ model, preset }: ChatRequest): { slug: string; model: string | undefined } | undefined {
  const [, base, inModel] = REFERENCE.exec(model ?? "") ?? [];
  const slug = inModel ?? preset ?? undefined;
  if (slug === undefined) return undefined;
  if (inModel !== undefined && preset && preset !== inModel)
    throw new AppError(
      "invalid_request",
      `The model names the preset ${inModel}, and preset names ${preset}: name one.`,
    );
  return { slug, model: inModel === undefined ? model : base || undefined };
}

/**
 * The request with what it does not say itself taken from the preset, field by field. Tools are put together, of two by
 * one name the request's; the preset's system prompt stands where the request has none. What the caller said in his own
 * dialect does not go along, because the preset is not in it.
 *
 * @throws AppError `invalid_request` for what only that dialect has words for
 */
export function filledIn(request: ChatRequest, model: string | undefined, preset: LivePreset): ChatRequest {
  const { preset: _name, model: _asWritten, [NATIVE]: native, ...said } = request;
  if (native?.unspoken.length)
    throw new AppError("invalid_request", `Beside a preset, ${native.unspoken.join(" and ")} cannot be sent.`);
  const own = { ...said, ...(model !== undefined && { model }) } as ChatRequest;
  const names = (field: string) => own[field] !== undefined && own[field] !== null;
  const silent = (field: string) => !(SYNONYMS.find((words) => words.includes(field)) ?? [field]).some(names);
  const settings = settingsOf(preset);
  const taken = Object.entries(settings).filter(([field]) => silent(field));
  const tools = [...(settings.tools ?? []).filter((tool) => !hasTool(own, tool.function.name)), ...(own.tools ?? [])];
  const messages =
    preset.systemPrompt === null || own.messages.some(isInstruction)
      ? own.messages
      : [{ role: "system" as const, content: preset.systemPrompt }, ...own.messages];
  return { ...own, ...Object.fromEntries(taken), messages, ...(tools.length > 0 && { tools }) };
}

/** What of a request's body a preset keeps. @throws AppError `invalid_request` for one that names a preset itself */
export function presetConfig(body: Record<string, unknown>): Record<string, unknown> {
  const config = Object.fromEntries(
    KEPT.flatMap((field) => (body[field] === undefined || body[field] === null ? [] : [[field, body[field]]])),
  );
  if ([config.model, ...((config.models as unknown[]) ?? [])].some((name) => String(name).includes("@preset/")))
    throw new AppError("invalid_request", "A preset names models, and no other preset.");
  return config;
}

/** The instructions of a request, as one text; null where it has none. */
export function systemPromptOf({ messages }: ChatRequest): string | null {
  const texts = messages.filter(isInstruction).map(({ content }) => textOf(content));
  return texts.length > 0 ? texts.join("\n\n") : null;
}

const textOf = (content: ChatRequest["messages"][number]["content"]): string =>
  typeof content === "string"
    ? content
    : (content ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");

/** Read again: it was written down when it was sent, and what is read is what the rest of the request is. */
function settingsOf({ config, slug }: LivePreset): Partial<ChatRequest> {
  try {
    const { messages: _none, ...settings } = parseChatRequest({ ...config, messages: [{ role: "user", content: "" }] });
    return settings;
  } catch (error) {
    const why = error instanceof AppError ? error.message : "";
    throw new AppError("invalid_request", `The preset ${slug} cannot be used any more. ${why}`, { cause: error });
  }
}

const isInstruction = ({ role }: ChatRequest["messages"][number]) => role === "system" || role === "developer";

const hasTool = ({ tools }: ChatRequest, name: string) => (tools ?? []).some((tool) => tool.function.name === name);
