import type { Kind } from "@/components/activity/activity-search";
import { db } from "@/db/client";
import { mapKeyNames } from "@/db/queries/key-list";
import { currentCatalogue } from "@/lib/models/catalogue";

const NONE: Record<Kind, string> = {
  model: "No model",
  key: "No key",
  provider: "Nobody answered",
  app: "No app named",
};

/** How an account's models, keys, providers or apps are called on its pages, by what the log has of them. */
export async function seriesNames(accountId: string, kind: Kind, values: string[]): Promise<(value: string) => string> {
  const known =
    kind === "key" ? await mapKeyNames(db(), accountId, values) : kind === "provider" ? await providers() : undefined;
  return (value) =>
    value === "" ? NONE[kind] : (known?.get(value) ?? (kind === "key" ? "A key that is gone" : value));
}

async function providers(): Promise<Map<string, string>> {
  const { models } = await currentCatalogue();
  return new Map(
    [...models.values()].flatMap(({ endpoints }) =>
      endpoints.map(({ provider }) => [provider.slug, provider.name] as const),
    ),
  );
}
