import type { Caller } from "@/lib/keys/authenticate";
import type { Catalogue, Model } from "@/lib/models/catalogue";
import type { Listed } from "@/lib/models/model-object";
import { accountFilters } from "./account-routing";
import { guardrailFilters } from "./guardrail-filters";

type Whose = Pick<Caller, "allowedModels" | "byok" | "routing"> & Partial<Pick<Caller, "guardrail">>;

/** The models that can be called now: by anyone with a key, or by this caller. */
export const callableModels = ({ models }: Catalogue, caller?: Whose): Listed[] =>
  [...models.values()].flatMap((model) => asCallable(model, caller) ?? []);

/**
 * With the endpoints whose provider has a key of the operator's or of the caller's, and that the settings of his account do
 * not exclude; undefined where there is none.
 */
export function asCallable(model: Model, caller?: Whose): Listed | undefined {
  if (caller?.allowedModels && !caller.allowedModels.includes(model.slug)) return undefined;
  const own = caller?.byok.filter(({ models }) => models?.includes(model.slug) ?? true) ?? [];
  const wanted = [...accountFilters(caller?.routing ?? {}), ...guardrailFilters(caller?.guardrail)];
  const [first, ...others] = model.endpoints.filter(
    (endpoint) =>
      (endpoint.provider.credential ?? own.some((key) => key.provider === endpoint.provider.slug)) &&
      wanted.every(({ keeps }) => keeps(endpoint)),
  );
  return first && { model, endpoints: [first, ...others] };
}
