import type { ReasoningDetail } from "../chat-chunk";
import { foldReasoning } from "../collect";
import type { ItemStatus, Json, Place } from "./output";
import { encrypted } from "./thoughts";

export type ReasoningItem = {
  /** Whether the detail is of the same thought: OpenAI's have ids. */
  takes: (detail: ReasoningDetail) => boolean;
  add: (detail: ReasoningDetail) => void;
  close: (status: ItemStatus) => void;
};

/** Where the words of a thought stand: Claude and Gemini show no more than a summary of what they think, others all. */
const SUMMARIZED = new Set<unknown>(["anthropic-claude-v1", "google-gemini-v1"]);

type Part = { type: "summary_text" | "reasoning_text"; text: string };

export function reasoningItem({ emit, done }: Place, item: Json): ReasoningItem {
  const summary: Part[] = [];
  const content: Part[] = [];
  item.summary = summary;
  const details: ReasoningDetail[] = [];
  let open: { part: Part; key: string } | undefined;

  const at = ({ type }: Part) =>
    type === "summary_text" ? { summary_index: summary.length - 1 } : { content_index: content.length - 1 };
  const closePart = () => {
    if (!open) return;
    const { part } = open;
    const [words, whole] = EVENTS[part.type];
    emit(`${words}.done`, { ...at(part), text: part.text });
    emit(`${whole}.done`, { ...at(part), part });
    open = undefined;
  };
  const openPart = (type: Part["type"], key: string): Part => {
    if (open?.key === key) return open.part;
    closePart();
    const part: Part = { type, text: "" };
    if (type === "reasoning_text") item.content = content;
    (type === "summary_text" ? summary : content).push(part);
    open = { part, key };
    emit(`${EVENTS[type][1]}.added`, { ...at(part), part });
    return part;
  };

  return {
    takes: ({ id, format }) => {
      const [first] = details;
      return !first || (first.format === format && (format !== "openai-responses-v1" || first.id === id));
    },
    add(detail) {
      foldReasoning(details, detail);
      const words = wordsOf(detail);
      if (!words) return;
      const shown =
        detail.type === "reasoning.summary" || SUMMARIZED.has(detail.format) ? "summary_text" : "reasoning_text";
      const part = openPart(shown, `${detail.type} ${detail.index}`);
      part.text += words;
      emit(`${EVENTS[shown][0]}.delta`, { ...at(part), delta: words });
    },
    close(status) {
      closePart();
      const data = encrypted(details);
      Object.assign(item, { ...(data && { encrypted_content: data }), ...namesOf(details), status });
      done(item);
    },
  };
}

/** The words for a part of each kind, and for the part itself. */
const EVENTS = {
  summary_text: ["response.reasoning_summary_text", "response.reasoning_summary_part"],
  reasoning_text: ["response.reasoning_text", "response.content_part"],
} as const;

const wordsOf = (detail: ReasoningDetail): string => {
  if (detail.type === "reasoning.summary") return detail.summary;
  return detail.type === "reasoning.text" ? (detail.text ?? "") : "";
};

/** OpenRouter's fields of an item: whose it is, and what it is signed with. */
function namesOf(details: readonly ReasoningDetail[]) {
  const signature = details
    .flatMap((one) => (one.type === "reasoning.text" && one.signature ? [one.signature] : []))
    .at(-1);
  const format = details.find((one) => one.format)?.format;
  return { ...(format && { format }), ...(signature && { signature }) };
}
