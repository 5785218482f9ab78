import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import type { ChatMessage, ChatRequest, ContentPart, ToolDefinition } from "@/lib/protocol/chat-request";
import type { ProviderCall } from "../adapter";
import { effortOf, thinking } from "../reasoning";

/**
 * Passed on as they are. A list of what is known, because OpenAI answers an unknown field with an error. Not on it,
 * on purpose: what has a price of its own (`service_tier`, `web_search_options`, `prediction`, audio), what keeps
 * data in the operator's account (`store`, `metadata`), and who the caller is (`user`).
 */
const passedOn = [
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "n",
  "presence_penalty",
  "response_format",
  "seed",
  "temperature",
  "top_logprobs",
  "top_p",
] as const;

const passedOnToOpenAi = ["prompt_cache_key"] as const;

/** OpenAI does not have these, but vLLM and its like do. */
const passedOnElsewhere = ["top_k", "min_p", "repetition_penalty"] as const;

/** @param genuine OpenAI itself is asked, and no server that only speaks like it. */
export function toOpenAiRequest(call: ProviderCall, genuine: boolean): ChatCompletionCreateParams {
  const { request, upstreamModel, maxOutputTokens } = call;
  const body: Record<string, unknown> = {
    model: upstreamModel,
    messages: request.messages.map((message) => toMessage(message, genuine)),
    [genuine ? "max_completion_tokens" : "max_tokens"]: maxOutputTokens,
  };
  for (const name of [...passedOn, ...(genuine ? passedOnToOpenAi : passedOnElsewhere)]) {
    if (request[name] != null) body[name] = request[name];
  }
  if (request.stop?.length) body.stop = request.stop;
  addTools(body, request);
  if (genuine && request.verbosity) body.verbosity = toVerbosity(request.verbosity);
  const effort = toEffort(request, maxOutputTokens);
  if (effort) body.reasoning_effort = effort;
  if (request.stream) {
    body.stream = true;
    body.stream_options = { include_usage: true };
  }
  return body as unknown as ChatCompletionCreateParams;
}

/** Without tools, OpenAI refuses whatever is said about them. */
function addTools(
  body: Record<string, unknown>,
  { tools, tool_choice: choice, parallel_tool_calls }: ChatRequest,
): void {
  if (!tools?.length) return;
  body.tools = tools.map(toTool);
  if (choice) {
    body.tool_choice =
      typeof choice === "string" ? choice : { type: "function", function: { name: choice.function.name } };
  }
  if (parallel_tool_calls != null) body.parallel_tool_calls = parallel_tool_calls;
}

function toEffort(request: ChatRequest, maxOutputTokens: number): string | undefined {
  const wish = thinking(request);
  if (!wish.wanted) return wish.refused ? "none" : undefined;
  return wish.effort ?? (wish.tokens ? effortOf(wish.tokens, maxOutputTokens) : undefined);
}

const toVerbosity = (verbosity: string) => (verbosity === "xhigh" || verbosity === "max" ? "high" : verbosity);

function toMessage(message: ChatMessage, genuine: boolean): object {
  const content = toContent(message.content, genuine);
  switch (message.role) {
    case "system":
    case "developer":
      return withName({ role: genuine ? message.role : "system", content }, message.name);
    case "user":
      return withName({ role: "user", content }, message.name);
    case "tool":
      return { role: "tool", content, tool_call_id: message.tool_call_id };
    case "assistant":
      return withName(
        {
          role: "assistant",
          content: content ?? (message.tool_calls?.length ? null : ""),
          ...(message.refusal && { refusal: message.refusal }),
          ...(message.tool_calls?.length && { tool_calls: message.tool_calls.map(toToolCall) }),
        },
        message.name,
      );
  }
}

const withName = (message: object, name: string | null | undefined) => (name ? { ...message, name } : message);

/** Many servers take a list of parts from users only, so a text that is alone in its list leaves it. */
function toContent(content: string | ContentPart[] | null | undefined, genuine: boolean) {
  if (!Array.isArray(content)) return content;
  const [first] = content;
  return !genuine && content.length === 1 && first?.type === "text" ? first.text : content.map(toPart);
}

/** Without `cache_control`, and without `file_id`: the files behind such ids are the operator's. */
function toPart(part: ContentPart): object {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image_url": {
      const { url, detail } = part.image_url;
      return { type: "image_url", image_url: detail ? { url, detail } : { url } };
    }
    case "input_audio":
      return { type: "input_audio", input_audio: { data: part.input_audio.data, format: part.input_audio.format } };
    case "file": {
      const { filename, file_data } = part.file;
      return { type: "file", file: { filename: filename ?? "file", file_data: file_data ?? "" } };
    }
    default:
      return { type: "video_url", video_url: { url: part.video_url.url } };
  }
}

const toToolCall = ({
  id,
  function: { name, arguments: text },
}: {
  id: string;
  function: { name: string; arguments: string };
}) => ({
  id,
  type: "function",
  function: { name, arguments: text },
});

function toTool({ function: { name, description, parameters, strict } }: ToolDefinition): object {
  return {
    type: "function",
    function: {
      name,
      ...(description != null && { description }),
      ...(parameters != null && { parameters }),
      ...(strict != null && { strict }),
    },
  };
}
