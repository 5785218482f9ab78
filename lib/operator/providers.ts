import type { Operator } from "@/db/operator";
import { findProviderRow, insertProvider, updateProvider } from "@/db/queries/catalogue";
import { AppError } from "@/lib/errors";
import { seal } from "@/lib/seal";
import { requireUpstreamAddress } from "./upstream-address";

type Row = NonNullable<Awaited<ReturnType<typeof findProviderRow>>>;
/** A provider as it may be shown: of its key only what it is known by. */
export type Provider = Omit<Row, "sealedApiKey"> & { hasKey: boolean };

export type NewProvider = Pick<Row, "slug" | "name" | "kind"> & {
  /** Null: the SDK's own. */
  baseUrl: string | null;
  apiKey: string;
};

/** Where requests go, and the key that goes there: a key is told to no other address than it was given for. */
export type Connection = { baseUrl: string | null; apiKey: string };

export type ProviderFacts = Partial<Pick<Row, "name" | "enabled" | "trainsOnPrompts" | "retainsPrompts">>;

const SLUG = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** @throws AppError `invalid_request`; `conflict` when there is one of this slug */
export async function addProvider(operator: Operator, provider: NewProvider): Promise<Provider> {
  const { slug, name, kind, ...connection } = provider;
  if (!SLUG.test(slug)) throw field("slug", "Lower-case letters, digits, dots and dashes.");
  const stored = await toStored(operator, slug, connection);
  return operator.decide(async (tx) => {
    const row = await insertProvider(tx, { slug, name, kind, ...stored });
    if (!row) throw new AppError("conflict", `There is a provider ${slug} already.`);
    const value = toProvider(row);
    return { value, note: { action: "provider.create", target: { kind: "provider", id: slug }, after: noted(value) } };
  });
}

/** @throws AppError `not_found`, `invalid_request` */
export async function connectProvider(
  operator: Operator,
  slug: string,
  { name, kind, ...connection }: Connection & Partial<Pick<Row, "name" | "kind">>,
): Promise<Provider> {
  return change(operator, slug, "provider.connect", { name, kind, ...(await toStored(operator, slug, connection)) });
}

/** @throws AppError `not_found` */
export const changeProvider = (operator: Operator, slug: string, facts: ProviderFacts): Promise<Provider> =>
  change(operator, slug, "provider.change", facts);

export const toProvider = ({ sealedApiKey, ...provider }: Row): Provider => ({
  ...provider,
  hasKey: sealedApiKey !== null,
});

function change(operator: Operator, slug: string, action: string, values: Parameters<typeof updateProvider>[2]) {
  return operator.decide(async (tx) => {
    const before = await findProviderRow(tx, slug);
    const after = before && (await updateProvider(tx, slug, values));
    if (!before || !after) throw new AppError("not_found", `There is no provider ${slug}.`);
    const value = toProvider(after);
    const note = {
      action,
      target: { kind: "provider", id: slug },
      before: noted(toProvider(before)),
      after: noted(value),
    };
    return { value, note };
  });
}

/** Whoever is at the command line is inside already, and may name any address. */
async function toStored({ actor }: Operator, slug: string, { baseUrl, apiKey }: Connection) {
  const key = apiKey.trim();
  if (!/^[\x21-\x7e]{1,4096}$/.test(key)) throw field("apiKey", "The key as the provider gave it: without spaces.");
  const anywhere = actor.actor === "operator-cli";
  if (baseUrl !== null && anywhere && !/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? ""))
    throw field("baseUrl", "An http(s) URL.");
  return {
    baseUrl: baseUrl === null || anywhere ? baseUrl : await requireUpstreamAddress(baseUrl),
    sealedApiKey: seal(key, `providers.${slug}`),
    apiKeyLabel: labelOf(key),
    apiKeySetAt: new Date(),
  };
}

/** `sk-...wxyz`; of a short key nothing is shown. */
const labelOf = (key: string) => (key.length < 16 ? "..." : `${key.slice(0, 3)}...${key.slice(-4)}`);

/** The label would look like a credential to the log, and is one's part: the time tells keys apart. */
const noted = ({ name, kind, baseUrl, enabled, trainsOnPrompts, retainsPrompts, apiKeySetAt }: Provider) => ({
  ...{ name, kind, baseUrl, enabled, trainsOnPrompts, retainsPrompts, apiKeySetAt },
});

const field = (name: string, sentence: string) =>
  new AppError("invalid_request", `${name}: ${sentence}`, { metadata: { fields: { [name]: sentence } } });
