import type { OfferedModel } from "../offer";

const served = (upstreamModel: string) => [{ provider: "google-ai-studio", upstreamModel }];

export const googleModels: OfferedModel[] = [
  {
    slug: "google/gemini-3.8-flash",
    label: "Gemini 3.8 Flash",
    description: "The newest Flash, tuned for long agentic work.",
    registryKey: "gemini38f",
    fixedSampling: true,
    aliases: ["~google/gemini-flash-latest"],
    endpoints: served("gemini-3.8-flash"),
  },
  {
    slug: "google/gemini-3.7-flash",
    label: "Gemini 3.7 Flash",
    description: "A Flash of August 2026.",
    registryKey: "gemini37f",
    fixedSampling: true,
    endpoints: served("gemini-3.7-flash"),
  },
  {
    slug: "google/gemini-3.6-flash",
    label: "Gemini 3.6 Flash",
    description: "A Flash of July 2026, the first without sampling parameters.",
    registryKey: "gemini36f",
    fixedSampling: true,
    endpoints: served("gemini-3.6-flash"),
  },
  {
    slug: "google/gemini-3.5-flash",
    label: "Gemini 3.5 Flash",
    description: "A Flash with thinking at several levels.",
    registryKey: "gemini35f",
    endpoints: served("gemini-3.5-flash"),
  },
  {
    slug: "google/gemini-3.5-flash-lite",
    label: "Gemini 3.5 Flash Lite",
    description: "The cheap and quick Gemini of its generation.",
    registryKey: "gemini35f-",
    fixedSampling: true,
    endpoints: served("gemini-3.5-flash-lite"),
  },
  {
    slug: "google/gemini-3.1-pro-preview",
    label: "Gemini 3.1 Pro Preview",
    description: "The newest Pro: deep reasoning over text, images, documents and audio.",
    registryKey: "gemini31p",
    aliases: ["~google/gemini-pro-latest"],
    endpoints: served("gemini-3.1-pro-preview"),
  },
  {
    slug: "google/gemini-3.1-flash-lite",
    label: "Gemini 3.1 Flash Lite",
    description: "A small Gemini for high volumes.",
    registryKey: "gemini31f-",
    expirationDate: "2027-05-07",
    endpoints: served("gemini-3.1-flash-lite"),
  },
  {
    slug: "google/gemini-2.5-pro",
    label: "Gemini 2.5 Pro",
    description: "The Pro of 2025, with a thinking budget.",
    registryKey: "gemini25p",
    expirationDate: "2026-12-01",
    endpoints: served("gemini-2.5-pro"),
  },
  {
    slug: "google/gemini-2.5-flash",
    label: "Gemini 2.5 Flash",
    description: "The Flash of 2025, with a thinking budget.",
    registryKey: "gemini25f0617",
    expirationDate: "2026-12-01",
    endpoints: served("gemini-2.5-flash"),
  },
];
