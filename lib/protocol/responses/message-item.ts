import type { ItemStatus, Json, Place } from "./output";

export type MessageItem = {
  text: (piece: string, logprobs: unknown[]) => void;
  refusal: (piece: string) => void;
  annotation: (annotation: Json) => void;
  close: (status: ItemStatus) => void;
};

type TextPart = { type: "output_text"; text: string; annotations: Json[]; logprobs: unknown[] };
type RefusalPart = { type: "refusal"; refusal: string };
type Part = TextPart | RefusalPart;

/** What is said: text, and where the model refuses, a part of its own. */
export function messageItem({ emit, done }: Place, item: Json): MessageItem {
  const parts: Part[] = [];
  item.content = parts;
  let open: Part | undefined;
  const here = () => ({ content_index: parts.length - 1 });

  const closePart = () => {
    if (open?.type === "output_text")
      emit("response.output_text.done", { ...here(), text: open.text, logprobs: open.logprobs });
    if (open?.type === "refusal") emit("response.refusal.done", { ...here(), refusal: open.refusal });
    if (open) emit("response.content_part.done", { ...here(), part: open });
    open = undefined;
  };
  const opened = <Kind extends Part>(empty: Kind): Kind => {
    if (open?.type === empty.type) return open as Kind;
    closePart();
    parts.push(empty);
    open = empty;
    emit("response.content_part.added", { ...here(), part: empty });
    return empty;
  };
  const text = () => opened<TextPart>({ type: "output_text", text: "", annotations: [], logprobs: [] });

  return {
    text(piece, logprobs) {
      const part = text();
      part.text += piece;
      part.logprobs.push(...logprobs);
      emit("response.output_text.delta", { ...here(), delta: piece, logprobs });
    },
    refusal(piece) {
      opened<RefusalPart>({ type: "refusal", refusal: "" }).refusal += piece;
      emit("response.refusal.delta", { ...here(), delta: piece });
    },
    annotation(annotation) {
      // Links are flat in this dialect, and it knows no others.
      if (annotation.type !== "url_citation") return;
      const part = text();
      const flat = { type: "url_citation", ...(annotation.url_citation as Json) };
      const cited = { title: "", start_index: 0, end_index: 0, ...flat };
      emit("response.output_text.annotation.added", {
        ...{ ...here(), annotation_index: part.annotations.length, annotation: cited },
      });
      part.annotations.push(cited);
    },
    close(status) {
      closePart();
      item.status = status;
      done(item);
    },
  };
}
