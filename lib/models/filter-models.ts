import type { Endpoint } from "./catalogue";
import { cheapestOf, type Listed } from "./model-object";
import type { ModelsQuery } from "./models-query";
import { PER_MILLION_TOKENS, priceBound } from "./price-bound";

const DAY_MS = 86_400_000;

type Test = (listed: Listed) => boolean;

/** Those that a query to `/models` asks for. What is not known of a model does not satisfy a filter that asks for it. */
export function filterModels(listed: readonly Listed[], query: ModelsQuery, now = Date.now()): Listed[] {
  const tests = testsOf(query, now).filter((test) => test !== undefined);
  return listed.filter((entry) => tests.every((test) => test(entry)));
}

function testsOf(query: ModelsQuery, now: number): (Test | undefined)[] {
  const words = query.q?.toLowerCase().split(/\s+/).filter(Boolean);
  const modalities = list(query.output_modalities ?? "text");
  const parameters = list(query.supported_parameters);
  const providers = list(query.providers);
  return [
    modalities.includes("all")
      ? undefined
      : ({ model }) => model.outputModalities.some((one) => modalities.includes(one)),
    words && (({ model }) => words.every((word) => `${model.name} ${model.slug}`.toLowerCase().includes(word))),
    parameters.length > 0
      ? ({ endpoints }) => endpoints.some((at) => parameters.every((one) => at.supportedParameters.has(one)))
      : undefined,
    given(
      query.input_modalities,
      (asked) =>
        ({ model }) =>
          asked.every((one) => model.inputModalities.includes(one)),
    ),
    given(
      query.model_authors,
      (asked) =>
        ({ model }) =>
          asked.includes(model.companySlug),
    ),
    given(
      query.arch,
      ([asked]) =>
        ({ model }) =>
          model.tokenizer.toLowerCase() === asked,
    ),
    providers.length > 0
      ? ({ endpoints }) =>
          endpoints.some(
            ({ provider }) => providers.includes(provider.slug) || providers.includes(provider.name.toLowerCase()),
          )
      : undefined,
    query.context === undefined ? undefined : ({ model }) => model.contextLength >= (query.context ?? 0),
    priced(query.min_price, (least) => (prices) => prices.prompt >= least),
    priced(query.max_price, (most) => (prices) => prices.prompt <= most),
    priced(query.min_output_price, (least) => (prices) => prices.completion >= least),
    priced(query.max_output_price, (most) => (prices) => prices.completion <= most),
    aged(query.min_age_days, now, (age, least) => age >= least),
    aged(query.max_age_days, now, (age, most) => age <= most),
    query.distillable === "true" ? ({ model }) => model.distillable === true : undefined,
    query.distillable === "false" ? ({ model }) => model.distillable !== true : undefined,
    query.zdr ? ({ endpoints }) => endpoints.some(retainsNothing) : undefined,
    NOT_KNOWN.some((name) => query[name] !== undefined) ? () => false : undefined,
  ];
}

/** What this catalogue holds of no model. */
const NOT_KNOWN = [
  ...["category", "region", "min_intelligence_index", "max_intelligence_index", "min_coding_index"],
  ...["max_coding_index", "min_agentic_index", "max_agentic_index", "min_tool_success_rate", "max_tool_success_rate"],
] as (keyof ModelsQuery)[];

export const retainsNothing = ({ retainsPrompts }: Endpoint): boolean => retainsPrompts === false;

const list = (text: string | undefined) =>
  (text ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);

function given(text: string | undefined, test: (asked: string[]) => Test): Test | undefined {
  const asked = list(text);
  return asked.length > 0 ? test(asked) : undefined;
}

type Prices = ReturnType<typeof cheapestOf>["prices"];

/** By the price that the list shows: the cheapest endpoint's. */
function priced(dollars: string | undefined, test: (bound: bigint) => (prices: Prices) => boolean): Test | undefined {
  if (dollars === undefined) return undefined;
  const within = test(priceBound(dollars, PER_MILLION_TOKENS));
  return ({ endpoints }) => within(cheapestOf(endpoints).prices);
}

function aged(days: number | undefined, now: number, test: (age: number, days: number) => boolean): Test | undefined {
  if (days === undefined) return undefined;
  return ({ model: { releasedAt } }) => releasedAt !== null && test((now - releasedAt.getTime()) / DAY_MS, days);
}
