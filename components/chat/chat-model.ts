import { formatUsd } from "@/lib/money";
import type { Attachment, Settings } from "./chat";

/** A model that can be asked now. Prices are pico-USD per token, at the cheapest provider. */
export type ChatModel = {
  slug: string;
  name: string;
  providers: string[];
  contextLength: number;
  prompt: bigint;
  completion: bigint;
  inputModalities: string[];
  supportedParameters: string[];
};

export const nameOf = (models: ChatModel[], slug: string): string =>
  models.find((model) => model.slug === slug)?.name ?? slug;

/** US dollars per million tokens: pico-USD a token is micro-USD a million. */
export const perMillion = (price: bigint): string => (price === 0n ? "free" : `$${formatUsd(price * 1000n)}`);

/** The models that cannot read what is attached, by name. They would be asked in vain. */
export function cannotRead(models: ChatModel[], attachments: Attachment[]): string[] {
  const needed = new Set(attachments.map(({ kind }) => (kind === "pdf" ? "file" : "image")));
  return models
    .filter(({ inputModalities }) => [...needed].some((modality) => !inputModalities.includes(modality)))
    .map(({ name }) => name);
}

const PARAMETERS: Partial<Record<keyof Settings, string>> = {
  temperature: "temperature",
  topP: "top_p",
  seed: "seed",
  effort: "reasoning",
  format: "response_format",
  tools: "tools",
};

/** The models that take no notice of a setting, by name: their providers do not know it. */
export function ignorantOf(field: keyof Settings, models: ChatModel[]): string[] {
  const parameter = PARAMETERS[field];
  if (!parameter) return [];
  return models.filter(({ supportedParameters }) => !supportedParameters.includes(parameter)).map(({ name }) => name);
}
