import type {
  Response,
  ResponseFunctionToolCall,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseReasoningItem,
  ResponseStreamEvent,
} from "openai/resources/responses/responses";

/** A response of OpenAI's; completed, if it is not said otherwise. */
export const responseOf = (output: ResponseOutputItem[], more: Partial<Response> = {}): Response => ({
  id: "resp_1",
  object: "response",
  created_at: 1_764_000_000,
  status: "completed",
  model: "gpt-5.4",
  output,
  output_text: "",
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  parallel_tool_calls: true,
  temperature: 1,
  top_p: 1,
  tool_choice: "auto",
  tools: [],
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 20 },
    total_tokens: 130,
  },
  ...more,
});

export const thought = (id: string, summaries: string[], encrypted: string): ResponseReasoningItem => ({
  type: "reasoning",
  id,
  summary: summaries.map((text) => ({ type: "summary_text", text })),
  encrypted_content: encrypted,
});

export const said = (text: string, annotations: object[] = []): ResponseOutputMessage =>
  message({ type: "output_text", text, annotations: annotations as never[] });

export const refused = (refusal: string): ResponseOutputMessage => message({ type: "refusal", refusal });

const message = (part: ResponseOutputMessage["content"][number]): ResponseOutputMessage => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  status: "completed",
  content: [part],
});

export const called = (callId: string, name: string, text: string): ResponseFunctionToolCall => ({
  type: "function_call",
  id: `fc_${callId}`,
  call_id: callId,
  name,
  arguments: text,
  status: "completed",
});

/** The events in which OpenAI streams a response, its texts in pieces of three characters. */
export function streamOf(response: Response): ResponseStreamEvent[] {
  const begun: Response = { ...response, status: "in_progress", output: [], usage: undefined };
  return numbered([
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...response.output.flatMap(itemEvents),
    { type: response.status === "incomplete" ? "response.incomplete" : "response.completed", response },
  ]);
}

/** Everything of a stream but its last event. */
export const beginningOf = (response: Response) => streamOf(response).slice(0, -1);

const numbered = (events: object[]) =>
  events.map((event, sequence_number) => ({ ...event, sequence_number })) as ResponseStreamEvent[];

function itemEvents(item: ResponseOutputItem, output_index: number): object[] {
  return [
    { type: "response.output_item.added", output_index, item: emptied(item) },
    ...middleEvents(item).map((event) => ({ ...event, output_index, item_id: item.id })),
    { type: "response.output_item.done", output_index, item },
  ];
}

function emptied(item: ResponseOutputItem): object {
  if (item.type === "message") return { ...item, status: "in_progress", content: [] };
  if (item.type === "function_call") return { ...item, status: "in_progress", arguments: "" };
  // OpenAI sends the encrypted content of what was thought up to here; the one at the end counts.
  return { ...item, summary: [], encrypted_content: "unfinished" };
}

function middleEvents(item: ResponseOutputItem): object[] {
  if (item.type === "function_call") {
    return [
      ...piecesOf(item.arguments).map((delta) => ({ type: "response.function_call_arguments.delta", delta })),
      { type: "response.function_call_arguments.done", arguments: item.arguments, name: item.name },
    ];
  }
  if (item.type === "reasoning") return item.summary.flatMap(summaryEvents);
  return item.type === "message" ? item.content.flatMap(partEvents) : [];
}

function summaryEvents(part: ResponseReasoningItem.Summary, summary_index: number): object[] {
  return [
    { type: "response.reasoning_summary_part.added", summary_index, part: { ...part, text: "" } },
    ...piecesOf(part.text).map((delta) => ({ type: "response.reasoning_summary_text.delta", summary_index, delta })),
    { type: "response.reasoning_summary_text.done", summary_index, text: part.text },
    { type: "response.reasoning_summary_part.done", summary_index, part },
  ];
}

function partEvents(part: ResponseOutputMessage["content"][number], content_index: number): object[] {
  if (part.type === "refusal") {
    return [
      { type: "response.content_part.added", content_index, part: { ...part, refusal: "" } },
      ...piecesOf(part.refusal).map((delta) => ({ type: "response.refusal.delta", content_index, delta })),
      { type: "response.refusal.done", content_index, refusal: part.refusal },
      { type: "response.content_part.done", content_index, part },
    ];
  }
  return [
    { type: "response.content_part.added", content_index, part: { ...part, text: "", annotations: [] } },
    ...piecesOf(part.text).map((delta) => ({ type: "response.output_text.delta", content_index, delta, logprobs: [] })),
    ...part.annotations.map((annotation, annotation_index) => ({
      type: "response.output_text.annotation.added",
      content_index,
      annotation_index,
      annotation,
    })),
    { type: "response.output_text.done", content_index, text: part.text, logprobs: [] },
    { type: "response.content_part.done", content_index, part },
  ];
}

const piecesOf = (text: string) => text.match(/.{1,3}/gs) ?? [];
