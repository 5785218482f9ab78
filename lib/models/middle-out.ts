import type { ChatMessage } from "@/lib/protocol/chat-request";
import { MOST_TOKENS_PER_IMAGE, promptSize, TOKENS_PER_MESSAGE } from "./prompt-size";

export type MiddleOut = {
  messages: ChatMessage[];
  /** How many messages are gone, and how many have lost the middle of a text. */
  dropped: number;
  shortened: number;
};

/** Stands where the middle of a text was. */
const MARK = " […] ";
const MARK_BYTES = Buffer.byteLength(MARK);

/** What is left of a text is at least this long, or its message goes whole. */
const LEAST_BYTES = 32;

/** A bound on what a message costs in tokens: one for each byte of it. */
export function weightOf(message: ChatMessage): number {
  const { bytes, images } = promptSize({ messages: [message] });
  return bytes + images * MOST_TOKENS_PER_IMAGE + TOKENS_PER_MESSAGE;
}

/**
 * A conversation that weighs no more than `most`: what is in its middle goes, since models heed that the least. Instructions
 * stay as they are; so does the last message, or the last tool call with its results, which lose the middle of their texts
 * where nothing else is left to lose. A tool call goes or stays together with its results. Of the messages next to what is
 * gone, one on each side is shortened rather than dropped. Undefined where nothing helps.
 */
export function middleOut(messages: readonly ChatMessage[], most: number): MiddleOut | undefined {
  const all = unitsOf(messages);
  const kept = new Map<ChatMessage, ChatMessage>();
  const keep = ({ messages }: Unit, as = messages) => {
    for (const [index, message] of messages.entries()) kept.set(message, as[index] as ChatMessage);
  };
  const fixed = all.filter((unit) => unit.fixed);
  const free = all.filter((unit) => !unit.fixed);
  for (const unit of fixed) keep(unit);
  let left = most - sum(fixed.map(({ weight }) => weight));
  const last = free.pop();
  const ending = last && (last.weight <= left ? last.messages : withShorterTexts(last, left));
  if (left < 0 || !last || !ending) return undefined;
  keep(last, ending);
  left -= sum(ending.map(weightOf));

  let fromTheEnd = true;
  const cut: { unit: Unit; room: number; atTheEnd: boolean }[] = [];
  while (free.length > 0 && cut.length < 2) {
    const atTheEnd = cut[0] ? !cut[0].atTheEnd : fromTheEnd;
    fromTheEnd = !fromTheEnd;
    const unit = (atTheEnd ? free.pop() : free.shift()) as Unit;
    if (unit.weight <= left) {
      keep(unit);
      left -= unit.weight;
      continue;
    }
    const room = Math.floor(cut.length === 0 && free.length > 0 ? left / 2 : left);
    cut.push({ unit, room, atTheEnd });
    left -= room;
  }
  if (cut[0]) cut[0].room += left;
  for (const { unit, room } of cut) {
    const shorter = withShorterTexts(unit, room);
    if (shorter) keep(unit, shorter);
  }
  return {
    messages: messages.flatMap((message) => kept.get(message) ?? []),
    dropped: messages.length - kept.size,
    shortened: [...kept].filter(([whole, as]) => as !== whole).length,
  };
}

/** Messages that go or stay together. */
type Unit = { messages: ChatMessage[]; weight: number; fixed: boolean };

function unitsOf(messages: readonly ChatMessage[]): Unit[] {
  const units: Unit[] = [];
  for (const message of messages) {
    const calls = message.role === "tool" ? units.findLast(({ fixed }) => !fixed) : undefined;
    const weight = weightOf(message);
    if (calls) {
      calls.messages.push(message);
      calls.weight += weight;
    } else
      units.push({ messages: [message], weight, fixed: message.role === "system" || message.role === "developer" });
  }
  return units;
}

/** The longest of its texts are cut to one length, which is such that all of it weighs no more than `most`. */
function withShorterTexts({ messages, weight }: Unit, most: number): ChatMessage[] | undefined {
  const lengths = messages
    .flatMap(textsOf)
    .map((text) => Buffer.byteLength(text))
    .sort((a, b) => a - b);
  let room = most - (weight - sum(lengths));
  let longest = 0;
  for (const [index, length] of lengths.entries()) {
    longest = Math.floor(room / (lengths.length - index));
    if (length > longest) break;
    room -= length;
  }
  if (longest < LEAST_BYTES) return undefined;
  const shorter = (text: string) => (Buffer.byteLength(text) > longest ? withoutMiddle(text, longest) : text);
  return messages.map((message) => {
    const { content } = message;
    const changed =
      typeof content === "string"
        ? shorter(content)
        : content?.map((part) => (part.type === "text" ? { ...part, text: shorter(part.text) } : part));
    return textsOf(message).every((text) => shorter(text) === text)
      ? message
      : ({ ...message, content: changed } as ChatMessage);
  });
}

const textsOf = ({ content }: ChatMessage): string[] =>
  typeof content === "string"
    ? [content]
    : (content ?? []).flatMap((part) => (part.type === "text" ? [part.text as string] : []));

/** Its beginning and its end, of at most so many bytes with the mark between them, and no character in halves. */
function withoutMiddle(text: string, most: number): string {
  const bytes = Buffer.from(text);
  const inside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let end = Math.ceil((most - MARK_BYTES) / 2);
  while (inside(end)) end--;
  let start = bytes.length - Math.floor((most - MARK_BYTES) / 2);
  while (inside(start)) start++;
  return bytes.toString("utf8", 0, end) + MARK + bytes.toString("utf8", start);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
