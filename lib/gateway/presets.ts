import { db } from "@/db/client";
import {
  deletePreset,
  findLivePreset,
  findPreset,
  insertPresetVersion,
  type LivePreset,
  type Preset,
} from "@/db/queries/presets";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import { type ChatRequest, parseChatRequest } from "@/lib/protocol/chat-request";
import { filledIn, isPresetSlug, presetConfig, presetNamed } from "./apply-preset";

const MOST_AN_ACCOUNT = 100;
const MOST_CHARACTERS = 64 * 1024;
const KNOWN_MS = 5_000;
const MOST_ENTRIES = 10_000;

type Entry = { preset: Promise<LivePreset | undefined>; until: number };

const cache = () => processWide("presets", () => new Map<string, Entry>());

export type Prepared = {
  request: ChatRequest;
  /** The preset it was filled in from, and the model's name as the caller wrote it. */
  preset?: { id: string; askedFor: string };
};

/**
 * A request as its preset fills it in, if it names one; a preset is at most 5 s old.
 *
 * @throws AppError `not_found` when the account has no such preset
 */
export async function withPreset(request: ChatRequest, accountId: string): Promise<Prepared> {
  const named = presetNamed(request);
  if (!named) return { request };
  const preset = await presetOf(accountId, named.slug);
  if (!preset) throw new AppError("not_found", `There is no preset ${named.slug}.`);
  if (preset.status !== "active") throw new AppError("not_found", `The preset ${named.slug} is ${preset.status}.`);
  const filled = filledIn(request, named.model, preset);
  return {
    request: filled,
    preset: { id: preset.id, askedFor: request.model ?? `@preset/${preset.slug}` },
  };
}

/**
 * Adds a version to the account's preset of this slug, or makes it. Acts at once in this process, and within 5 s in others.
 *
 * @throws AppError `invalid_request`, `conflict`
 */
export async function savePreset(accountId: string, slug: string, version: Written): Promise<Preset> {
  if (!isPresetSlug(slug))
    throw new AppError("invalid_request", "A preset's slug is up to 64 letters, digits, dots, dashes and underscores.");
  if (JSON.stringify(version).length > MOST_CHARACTERS)
    throw new AppError("invalid_request", `A preset holds at most ${MOST_CHARACTERS} characters.`);
  const added = await insertPresetVersion(db(), accountId, slug, version, MOST_AN_ACCOUNT).catch((error) => {
    if (error.cause?.code !== "23505") throw error;
    throw new AppError("conflict", "The preset was changed by somebody else at the same moment. Try again.");
  });
  if (!added) throw new AppError("conflict", `An account has at most ${MOST_AN_ACCOUNT} presets.`);
  cache().delete(`${accountId} ${slug}`);
  const saved = await findPreset(db(), accountId, slug);
  if (!saved) throw new AppError("not_found", "Preset not found");
  return saved;
}

/**
 * The same from settings that no request came with: they must be such as a request could be sent with.
 *
 * @throws AppError `invalid_request`, `conflict`
 */
export async function writePreset(accountId: string, slug: string, { config, systemPrompt }: Written): Promise<Preset> {
  const kept = presetConfig(config);
  const unknown = Object.keys(config).find((field) => !Object.hasOwn(kept, field));
  if (unknown !== undefined) throw new AppError("invalid_request", `A preset has no field ${unknown}.`);
  parseChatRequest({ ...kept, messages: [{ role: "user", content: "" }] });
  return savePreset(accountId, slug, { config: kept, systemPrompt });
}

type Written = Pick<LivePreset, "config" | "systemPrompt">;

/** With all its versions. Acts at once in this process, and within 5 s in others. False when there is none. */
export async function removePreset(accountId: string, slug: string): Promise<boolean> {
  const removed = await deletePreset(db(), accountId, slug);
  cache().delete(`${accountId} ${slug}`);
  return removed;
}

function presetOf(accountId: string, slug: string): Promise<LivePreset | undefined> {
  const entries = cache();
  const of = `${accountId} ${slug}`;
  const known = entries.get(of);
  if (known && known.until > performance.now()) return known.preset;
  if (entries.size >= MOST_ENTRIES) entries.clear();
  const entry: Entry = { preset: findLivePreset(accountId, slug), until: performance.now() + KNOWN_MS };
  entries.set(of, entry);
  entry.preset.catch(() => entries.delete(of));
  return entry.preset;
}
