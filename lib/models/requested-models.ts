import { AppError } from "@/lib/errors";
import { NO_WEB } from "@/lib/protocol/plugins";
import type { Sort } from "@/lib/protocol/provider-preferences";
import { type Catalogue, findModel, type Model, unknownModel } from "./catalogue";
import { matchesGlob } from "./model-glob";
import { newestOfFamily } from "./newest-of-family";
import { servedModels } from "./served-models";

/** A model that a request may be served by, and what the caller added to its name. */
export type Requested = {
  model: Model;
  /** `:nitro`, `:floor` or `:exacto`. */
  sort?: Sort;
  /** `:free`: only where it costs nothing. */
  free?: boolean;
};

export type RequestedModels = {
  /** In the order to try them; at least one. */
  requested: Requested[];
  /** Any model will do, and the cheapest that can serve the request is asked. */
  auto: boolean;
};

const AUTO = "openrouter/auto";

const VARIANTS: Record<string, Omit<Requested, "model">> = {
  nitro: { sort: "throughput" },
  floor: { sort: "price" },
  exacto: { sort: "exacto" },
  free: { free: true },
};

/** Which models `openrouter/auto` may choose among, as patterns such as `anthropic/*`. */
type AutoRouter = { allowed?: readonly string[]; excluded?: readonly string[] };

/**
 * The models that a request names, in its order: `model`, then `models`. A slug or an alias that is in the catalogue goes
 * before what its parts would mean.
 *
 * @throws AppError `invalid_request` for a name or a variant that nobody knows here; `permission_denied` for a model that
 *   the key may not call
 */
export function requestedModels(
  catalogue: Catalogue,
  names: readonly string[],
  allowed: readonly string[] | null | undefined,
  auto: AutoRouter = {},
): RequestedModels {
  if (names.length === 0) throw new AppError("invalid_request", "Name a model, such as openai/gpt-4o-mini.");
  if (names.includes(AUTO) && !catalogue.models.has(AUTO)) {
    if (names.some((name) => name !== AUTO))
      throw new AppError("invalid_request", `${AUTO} may be any model: name it alone.`);
    const matches = (slug: string) => (pattern: string) => matchesGlob(slug, pattern);
    const any = servedModels(catalogue)
      .filter(({ slug }) => allowed?.includes(slug) ?? true)
      .filter(({ slug }) => !auto.allowed?.length || auto.allowed.some(matches(slug)))
      .filter(({ slug }) => !auto.excluded?.some(matches(slug)));
    if (any.length === 0) throw new AppError("not_found", "No models match your request and model restrictions.");
    return { requested: any.map(({ slug }) => ({ model: findModel(catalogue, slug) })), auto: true };
  }
  const requested = [...new Set(names)].map((name) => toRequested(catalogue, name));
  for (const { model } of requested)
    if (allowed && !allowed.includes(model.slug))
      throw new AppError("permission_denied", `This API key may not call ${model.slug}.`, {
        metadata: { allowed_models: allowed },
      });
  return { requested, auto: false };
}

function toRequested(catalogue: Catalogue, name: string): Requested {
  if (catalogue.models.has(name) || catalogue.aliases.has(name)) return { model: findModel(catalogue, name) };
  if (name.includes("@")) throw unknownModel(name, "a preset is named in the model of a completion alone");
  const [base = "", ...variants] = name.split(":");
  const model = newestOfFamily(catalogue, base) ?? findModel(catalogue, base);
  if (variants.includes("online")) throw new AppError("invalid_request", NO_WEB, { metadata: { model: name } });
  const unknown = variants.find((variant) => !Object.hasOwn(VARIANTS, variant));
  if (unknown !== undefined)
    throw unknownModel(name, `the variant :${unknown} is not served here; ${Object.keys(VARIANTS).join(", ")} are.`);
  return Object.assign({ model }, ...variants.map((variant) => VARIANTS[variant]));
}
