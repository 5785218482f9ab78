import { AppError } from "@/lib/errors";
import type { Native } from "../chat-request";
import type { MessagesBody } from "./body";

/** What goes upstream as it came. What is not here is OpenRouter's, or is set anew for each endpoint, or may cost extra. */
const FIELDS = [
  ...["messages", "system", "tools", "tool_choice", "thinking", "output_config", "output_format", "stop_sequences"],
  ...["temperature", "top_p", "top_k", "metadata", "cache_control", "context_management", "diagnostics"],
];

type Header = (name: string) => string | undefined;

/** @throws AppError `invalid_request` for what has a price that no hold can bound */
export function toNative(body: MessagesBody, header: Header, unspoken: string[]): Native {
  refuseCostly(body);
  const kept = Object.fromEntries(FIELDS.flatMap((name) => (body[name] == null ? [] : [[name, body[name]]])));
  if (toTier(body.service_tier) === "default") kept.service_tier = "standard_only";
  const betas = betasOf(header);
  return { dialect: "anthropic", body: kept, headers: betas ? { "anthropic-beta": betas } : {}, unspoken };
}

/** OpenRouter's name for a tier that has the catalogue's prices; the others are not asked for. */
export const toTier = (tier: string | null | undefined) =>
  tier === "standard_only" || tier === "standard" || tier === "default" ? "default" : undefined;

function refuseCostly(body: MessagesBody): void {
  const { context_management: managed } = body as { context_management?: { edits?: { type?: unknown }[] } };
  const edits = Array.isArray(managed?.edits) ? managed.edits : [];
  const costly = [
    body.mcp_servers != null && "mcp_servers",
    body.container != null && "container",
    body.compaction != null && "compaction",
    body.speed === "fast" && "speed fast",
    body.inference_geo != null && body.inference_geo !== "global" && "inference_geo",
    edits.some(({ type }) => String(type).startsWith("compact")) && "context_management with compaction",
  ].find((name) => name !== false);
  if (costly) throw new AppError("invalid_request", `${costly} is not served here: its cost cannot be known before.`);
}

/** Prompts beyond what a catalogue's context and prices are for have prices of their own. */
const LONG_CONTEXT = /^context-1m-/;

function betasOf(header: Header): string | undefined {
  const names = [header("anthropic-beta"), header("x-anthropic-beta")]
    .flatMap((list) => list?.split(",") ?? [])
    .map((name) => name.trim())
    .filter((name) => /^[\w.-]{1,100}$/.test(name) && !LONG_CONTEXT.test(name));
  return names.length ? [...new Set(names)].slice(0, 64).join(",") : undefined;
}
