import {
  createParser,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { formatUsd, type Nanos, parseUsd } from "@/lib/money";
import type { ModelRow } from "./model-row";

export const MOST_COMPARED = 4;

/** US dollars per million tokens, in nano-USD: as exact in the address as anywhere. */
const parseAsUsd = createParser<Nanos>({
  parse(text) {
    try {
      return parseUsd(text);
    } catch {
      return null;
    }
  },
  serialize: formatUsd,
  eq: (a, b) => a === b,
});

const list = parseAsArrayOf(parseAsString).withDefault([]);

export const sortings = ["name", "newest", "prompt", "completion", "context"] as const;
export type Sorting = (typeof sortings)[number];

/** What is searched for, as the address has it. */
export const modelSearch = {
  q: parseAsString.withDefault(""),
  provider: list,
  input: list,
  output: list,
  parameters: list,
  /** Of the prompt's price per million tokens. */
  from: parseAsUsd,
  to: parseAsUsd,
  context: parseAsInteger.withDefault(0),
  free: parseAsBoolean.withDefault(false),
  sort: parseAsStringLiteral(sortings).withDefault("name"),
  descending: parseAsBoolean.withDefault(false),
  view: parseAsStringLiteral(["table", "cards"]).withDefault("table"),
  compare: list,
};

export type ModelSearch = {
  q: string;
  provider: string[];
  input: string[];
  output: string[];
  parameters: string[];
  from: Nanos | null;
  to: Nanos | null;
  context: number;
  free: boolean;
  sort: Sorting;
  descending: boolean;
};

/** The prompt's price per million tokens: pico-USD per token are micro-USD per million. */
export const perMillion = (picos: bigint): Nanos => picos * 1000n;

export function searchModels(models: ModelRow[], search: ModelSearch): ModelRow[] {
  const words = search.q.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (offered: string[], wanted: string[]) => wanted.every((one) => offered.includes(one));
  const found = models.filter(
    (model) =>
      words.every((word) => model.name.toLowerCase().includes(word) || model.slug.toLowerCase().includes(word)) &&
      (search.provider.length === 0 || search.provider.some((one) => model.providers.includes(one))) &&
      has(model.input, search.input) &&
      has(model.output, search.output) &&
      has(model.parameters, search.parameters) &&
      (search.from === null || perMillion(model.prompt) >= search.from) &&
      (search.to === null || perMillion(model.prompt) <= search.to) &&
      model.contextLength >= search.context &&
      (!search.free || (model.prompt === 0n && model.completion === 0n)),
  );
  const order = orders[search.sort];
  const sign = search.descending ? -1 : 1;
  return found.sort((a, b) => sign * order(a, b) || a.slug.localeCompare(b.slug, "en"));
}

const numeric = (value: (model: ModelRow) => bigint | number) => (a: ModelRow, b: ModelRow) => {
  const [left, right] = [value(a), value(b)];
  return left < right ? -1 : left > right ? 1 : 0;
};

const orders: Record<Sorting, (a: ModelRow, b: ModelRow) => number> = {
  name: (a, b) => a.name.localeCompare(b.name, "en"),
  newest: numeric(({ released }) => -released),
  prompt: numeric(({ prompt }) => prompt),
  completion: numeric(({ completion }) => completion),
  context: numeric(({ contextLength }) => contextLength),
};

/** How many filters narrow the list; the sorting and the words do not count. */
export const countFilters = ({ provider, input, output, parameters, from, to, context, free }: ModelSearch) =>
  provider.length +
  input.length +
  output.length +
  parameters.length +
  Number(from !== null || to !== null) +
  Number(context > 0) +
  Number(free);
