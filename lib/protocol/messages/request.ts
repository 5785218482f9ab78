import { AppError } from "@/lib/errors";
import { type ChatRequest, NATIVE } from "../chat-request";
import { refuseUnservedPlugins } from "../plugins";
import { type MessagesBody, readMessagesBody } from "./body";
import { toMessages } from "./conversation";
import { toNative, toTier } from "./native";
import { toToolChoice, toTools } from "./tools";

/**
 * Anthropic's request in the language inside, with its own words beside it for an upstream that speaks them too.
 *
 * @throws AppError `invalid_request`
 */
export function toChatRequest(json: unknown, header: (name: string) => string | undefined): ChatRequest {
  const body = readMessagesBody(json);
  const unspoken = new Set<string>();
  const note = (what: string) => void unspoken.add(what);
  const messages = toMessages(body, note);
  const tools = toTools(body, note);
  const { provider, route, plugins, preset, trace, session_id } = body;
  refuseUnservedPlugins(plugins);
  return {
    ...{ provider, route, plugins, preset, trace, session_id },
    model: toSlug(body.model),
    models: modelsOf(body)?.map(toSlug),
    messages,
    stream: body.stream,
    max_tokens: body.max_tokens,
    temperature: body.temperature ?? undefined,
    top_p: body.top_p ?? undefined,
    top_k: body.top_k ?? undefined,
    stop: body.stop_sequences?.length ? body.stop_sequences : undefined,
    tools,
    ...(tools && toToolChoice(body)),
    ...toReasoning(body),
    ...toFormat(body),
    user: body.user ?? body.metadata?.user_id?.slice(0, 256),
    ...(body.cache_control != null && { cache_control: body.cache_control }),
    service_tier: toTier(body.service_tier),
    [NATIVE]: toNative(body, header, [...unspoken]),
  };
}

/** Anthropic's clients name its models as Anthropic does: without the company, and with the day of their release. */
const toSlug = (model: string) => (/^claude-/.test(model) ? `anthropic/${model.replace(/-\d{8}$/, "")}` : model);

function modelsOf({ models, fallbacks }: MessagesBody): string[] | undefined {
  if (!fallbacks?.length) return models ?? undefined;
  if (models?.length) throw new AppError("invalid_request", "Name models or fallbacks, and not both.");
  return fallbacks.map(({ model }) => model);
}

function toReasoning({ thinking, output_config: output }: MessagesBody): Partial<ChatRequest> {
  const effort = output?.effort ?? undefined;
  const verbosity = effort && { verbosity: effort };
  if (!thinking) return verbosity ?? {};
  if (thinking.type === "disabled") return { reasoning: { enabled: false }, ...verbosity };
  const exclude = thinking.display === "omitted" ? { exclude: true } : {};
  if (thinking.type === "enabled")
    return { reasoning: { max_tokens: thinking.budget_tokens, ...exclude }, ...verbosity };
  // What Claude does by itself where it is told to think as it sees fit.
  return { reasoning: { effort: effort ?? "high", ...exclude } };
}

function toFormat({ output_config, output_format }: MessagesBody): Partial<ChatRequest> {
  const format = output_config?.format ?? (output_format as { schema?: Record<string, unknown> } | null | undefined);
  if (!format?.schema) return {};
  return {
    response_format: { type: "json_schema", json_schema: { name: "output", schema: format.schema, strict: true } },
  };
}
