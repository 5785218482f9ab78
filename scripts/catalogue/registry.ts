import { MODEL_CONFIGS } from "llm-zoo";
import type { CatalogueModel } from "@/db/catalogue";
import type { OfferedModel } from "./offer";
import { findSourceModel } from "./price-source";
import type { Features } from "./supported-parameters";

type Modality = CatalogueModel["inputModalities"][number];
const SNAPSHOT = /-(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])$/;

/** What llm-zoo says of a model; undefined where the offer names no key. */
export function registryEntry({ slug, registryKey }: OfferedModel) {
  if (registryKey === undefined) return undefined;
  const entry = MODEL_CONFIGS[registryKey];
  if (!entry) throw new Error(`${slug}: llm-zoo has no ${registryKey}`);
  return entry;
}

export function featuresOf(model: OfferedModel): Features {
  const capabilities = registryEntry(model)?.capabilities;
  const { images = false, tools = false, reasoning = false } = model.features ?? {};
  return {
    images: capabilities?.supportsVision ?? images,
    tools: capabilities?.supportsFunctionCalling ?? tools,
    reasoning: capabilities?.supportsReasoning ?? reasoning,
  };
}

/** Audio only where it costs what text costs: a bill does not tell its tokens from those of text. */
export function inputModalities(model: OfferedModel, audioCostsMore: boolean): Modality[] {
  const capabilities = registryEntry(model)?.capabilities;
  const modalities: Modality[] = ["text"];
  if (featuresOf(model).images) modalities.push("image");
  if (capabilities?.supportsNativePdf) modalities.push("file");
  if (capabilities?.supportsNativeAudio && !audioCostsMore) modalities.push("audio");
  return modalities;
}

/** The model's names with a day in them, in the registry and on OpenRouter. */
export function datedNames(model: OfferedModel): string[] {
  const [company = ""] = model.slug.split("/");
  const entry = registryEntry(model);
  const listed = findSourceModel(["openrouter", model.slug]);
  const names = listed?.id === model.slug ? equals(listed.match) : [];
  if (entry && entry.fullName !== entry.shortName) names.push(`${company}/${entry.fullName}`);
  return names.filter((name) => SNAPSHOT.test(name));
}

/** Unix seconds of the day in a snapshot's name. */
export function snapshotTime(name: string): number | undefined {
  const [, year, month, day] = SNAPSHOT.exec(name) ?? [];
  return year ? Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 : undefined;
}

function equals(match: object): string[] {
  return Object.entries(match).flatMap(([kind, value]: [string, string | object[]]) => {
    if (typeof value === "string") return kind === "equals" ? [value] : [];
    return value.flatMap(equals);
  });
}
