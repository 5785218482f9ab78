import type { ReasoningDetail, ReasoningFormat } from "../chat-chunk";
import { FOREIGN } from "../foreign-thoughts";
import type { Item } from "./body";

const OPENAI = "openai-responses-v1";

/**
 * Clients of this dialect keep the encrypted content of a thought and hand it back without looking into it; the rest of
 * it, many of them drop. So what other models' upstreams want to see again is carried there, all of it.
 */
export function encrypted(details: readonly ReasoningDetail[]): string | undefined {
  if (details.every(({ format }) => format === OPENAI))
    return details.flatMap((detail) => (detail.type === "reasoning.encrypted" ? [detail.data] : [])).at(-1);
  return FOREIGN + Buffer.from(JSON.stringify(details)).toString("base64");
}

/** A thought that came back, as it was when it went out. */
export function toDetails(item: Item): ReasoningDetail[] {
  const { id, encrypted_content: data, signature, summary, content } = item;
  const foreign = readForeign(data);
  if (foreign) return foreign;
  const format = (item.format ?? OPENAI) as ReasoningFormat;
  let index = 0;
  const origin = () => ({ ...(id && { id }), format, index: index++ });
  const texts = Array.isArray(content) ? content : [];
  const details: ReasoningDetail[] = [
    ...(summary ?? []).map(({ text }) => ({ type: "reasoning.summary" as const, summary: text, ...origin() })),
    ...texts.map(({ text }) => ({
      ...{ type: "reasoning.text" as const, text: String(text ?? ""), ...(signature && { signature }) },
      ...origin(),
    })),
  ];
  if (data) details.push({ type: "reasoning.encrypted", data, ...origin() });
  return details;
}

/** Callers can write what they like there: only what has the form is taken. */
function readForeign(data: string | null | undefined): ReasoningDetail[] | undefined {
  if (!data?.startsWith(FOREIGN)) return undefined;
  try {
    const details: unknown = JSON.parse(Buffer.from(data.slice(FOREIGN.length), "base64").toString("utf8"));
    return Array.isArray(details) ? details.filter(isDetail) : [];
  } catch {
    return [];
  }
}

const isDetail = (value: unknown): value is ReasoningDetail =>
  typeof value === "object" && value !== null && String((value as { type?: unknown }).type).startsWith("reasoning.");
