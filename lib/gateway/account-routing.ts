import { db } from "@/db/client";
import { updateRouting } from "@/db/queries/account-settings";
import type { RoutingSettings } from "@/db/schema";
import { AppError } from "@/lib/errors";
import { forgetAccount } from "@/lib/keys/authenticate";
import { currentCatalogue } from "@/lib/models/catalogue";
import { requestedModels } from "@/lib/models/requested-models";
import type { Filter } from "@/lib/models/sift-endpoints";
import type { ChatRequest } from "@/lib/protocol/chat-request";

/** What the account excludes for all its requests: each is looked at beside the request's own preferences, and loosened by none. */
export function accountFilters({ allowed, ignored, denyTraining, zdr }: RoutingSettings = {}): Filter[] {
  const filters: (Filter | false | undefined)[] = [
    allowed && {
      by: "allowed_providers",
      keeps: ({ provider }) => allowed.includes(provider.slug),
      because: (removed) => `Your settings do not allow ${providersOf(removed)}.`,
    },
    ignored && {
      by: "ignored_providers",
      keeps: ({ provider }) => !ignored.includes(provider.slug),
      because: (removed) => `Your settings ignore ${providersOf(removed)}.`,
    },
    denyTraining && {
      by: "data_collection",
      keeps: ({ trainsOnPrompts }) => trainsOnPrompts === false,
      because: (removed) =>
        `Your settings exclude providers that train on prompts, and of ${providersOf(removed)} it is not known that they do not.`,
    },
    zdr && {
      by: "zdr",
      keeps: ({ retainsPrompts }) => retainsPrompts === false,
      because: (removed) =>
        `Your settings exclude providers that retain prompts, and of ${providersOf(removed)} it is not known that they do not.`,
    },
  ];
  return filters.filter((filter) => !!filter);
}

const providersOf = (endpoints: Parameters<Filter["because"]>[0]) =>
  [...new Set(endpoints.map(({ provider }) => provider.name))].join(", ");

/** The request with what neither it nor its preset says taken from the account's settings; undefined settings change nothing. */
export function withAccountDefaults(request: ChatRequest, settings: RoutingSettings | null): ChatRequest {
  if (!settings) return request;
  const { defaultModel, sort, allowFallbacks } = settings;
  const provider = request.provider ?? {};
  const defaults = {
    ...(sort && !provider.sort && { sort: { by: sort } }),
    ...(allowFallbacks === false && provider.allow_fallbacks == null && { allow_fallbacks: false }),
  };
  const unnamed = !request.model && !request.models?.length;
  if (Object.keys(defaults).length === 0 && !(unnamed && defaultModel)) return request;
  return {
    ...request,
    ...(unnamed && defaultModel && { model: defaultModel }),
    ...(Object.keys(defaults).length > 0 && { provider: { ...provider, ...defaults } }),
  };
}

/**
 * Saves what the account wants of all its requests. Acts at once in this process, and within 5 s in others.
 *
 * @throws AppError `invalid_request` with the field, for a model or a provider that is not here, and for settings that
 *   leave no provider at all
 */
export async function saveRouting(accountId: string, routing: RoutingSettings): Promise<void> {
  const catalogue = await currentCatalogue();
  const known = new Set(
    [...catalogue.models.values()].flatMap(({ endpoints }) => endpoints.map((at) => at.provider.slug)),
  );
  const { defaultModel, allowed, ignored = [] } = routing;
  for (const field of ["allowed", "ignored"] as const) {
    const unknown = routing[field]?.find((slug) => !known.has(slug));
    if (unknown !== undefined) throw wrong(field, `There is no provider ${unknown} here.`);
  }
  if (allowed?.every((slug) => ignored.includes(slug))) throw wrong("allowed", "All that are allowed are ignored too.");
  if (defaultModel !== undefined)
    try {
      requestedModels(catalogue, [defaultModel], null);
    } catch (error) {
      throw wrong("defaultModel", error instanceof AppError ? error.message : "There is no such model.");
    }
  await updateRouting(db(), accountId, routing);
  forgetAccount(accountId);
}

const wrong = (field: string, message: string) =>
  new AppError("invalid_request", message, { metadata: { fields: { [field]: message } } });
