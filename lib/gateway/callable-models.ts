import type { Caller } from "@/lib/keys/authenticate";
import type { Catalogue, Model } from "@/lib/models/catalogue";
import type { Listed } from "@/lib/models/model-object";

/** The models that can be called now: by anyone with a key, or by this caller. */
export const callableModels = ({ models }: Catalogue, caller?: Caller): Listed[] =>
  [...models.values()].flatMap((model) => asCallable(model, caller) ?? []);

/** With the endpoints whose provider has a key of the operator's or of the caller's; undefined where there is none. */
export function asCallable(model: Model, caller?: Caller): Listed | undefined {
  if (caller?.allowedModels && !caller.allowedModels.includes(model.slug)) return undefined;
  const own = caller?.byok.filter(({ models }) => models?.includes(model.slug) ?? true) ?? [];
  const [first, ...others] = model.endpoints.filter(
    ({ provider }) => provider.credential ?? own.some((key) => key.provider === provider.slug),
  );
  return first && { model, endpoints: [first, ...others] };
}
