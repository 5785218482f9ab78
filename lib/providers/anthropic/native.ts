import type { ThinkingConfigParam, ToolChoice } from "@anthropic-ai/sdk/resources/messages";
import type { Native } from "@/lib/protocol/chat-request";
import { isForeign } from "@/lib/protocol/foreign-thoughts";
import type { ProviderCall } from "../adapter";
import type { AnswerReader, Json } from "../dialect";
import type { Turn } from "./conversation";
import { LEAST_BUDGET, mayThink } from "./thinking";

/** Fields of the body, and the request's that is missing where the endpoint does not support it. */
const SUPPORTED: Record<string, string> = {
  temperature: "temperature",
  top_p: "top_p",
  top_k: "top_k",
  stop_sequences: "stop",
  thinking: "reasoning",
};

/** The caller's own words, but for what is decided here: the model, the cap, and thoughts that are not Claude's. */
export function toNativeRequest({ request, upstreamModel, maxOutputTokens }: ProviderCall, { body }: Native): Json {
  const messages = withoutForeignThoughts(body.messages as Turn[]);
  const sent: Json = { ...body, model: upstreamModel, max_tokens: maxOutputTokens, messages };
  for (const [field, parameter] of Object.entries(SUPPORTED)) if (request[parameter] == null) delete sent[field];
  sent.thinking = toBudget(sent.thinking as ThinkingConfigParam | undefined, maxOutputTokens);
  const isCut = messages !== body.messages;
  if (isCut && !mayThink(messages.map(inBlocks), sent.tool_choice as ToolChoice | undefined)) delete sent.thinking;
  if (request.stream) sent.stream = true;
  return sent;
}

/** The hold may pay for less than the caller asked for, and a budget must be less than the cap. */
function toBudget(thinking: ThinkingConfigParam | undefined, maxTokens: number): ThinkingConfigParam | undefined {
  if (thinking?.type !== "enabled" || thinking.budget_tokens < maxTokens) return thinking;
  return maxTokens > LEAST_BUDGET ? { ...thinking, budget_tokens: maxTokens - 1 } : undefined;
}

/** Another model's turn may be part of the conversation, and Claude refuses what it did not sign. */
function withoutForeignThoughts(turns: Turn[]): Turn[] {
  const own = turns.flatMap((turn) => {
    if (turn.role !== "assistant" || !Array.isArray(turn.content) || !turn.content.some(isForeignThought))
      return [turn];
    const content = turn.content.filter((block) => !isForeignThought(block));
    return content.length ? [{ ...turn, content }] : [];
  });
  return own.length === turns.length && own.every((turn, at) => turn === turns[at]) ? turns : own;
}

const inBlocks = ({ role, content }: Turn): Turn => ({
  role,
  content: typeof content === "string" ? [{ type: "text", text: content }] : content,
});

const isForeignThought = (block: Turn["content"][number]): boolean =>
  (block.type === "thinking" && isForeign(block.signature)) ||
  (block.type === "redacted_thinking" && isForeign(block.data));

/** Beside what each event says, the event itself. */
export const nativeReader = (reader: AnswerReader): AnswerReader => ({
  ...reader,
  read: (event) => ({ choices: [], ...reader.read(event), native: event }),
});
