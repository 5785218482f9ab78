import { currentCatalogue } from "@/lib/models/catalogue";
import { type ServedModel, servedModels } from "@/lib/models/served-models";

const pricePerPair = ({ endpoints: [{ prices }] }: ServedModel) => prices.prompt + prices.completion;

/** The model that examples ask: the cheapest that can be called. */
export async function exampleModel(): Promise<string> {
  const [first, ...others] = servedModels(await currentCatalogue());
  if (!first) return "openai/gpt-4o-mini";
  return others.reduce((best, model) => (pricePerPair(model) < pricePerPair(best) ? model : best), first).slug;
}
