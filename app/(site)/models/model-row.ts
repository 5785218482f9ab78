import type { ModelRow } from "@/components/models/model-row";
import type { ServedModel } from "@/lib/models/served-models";

export function toModelRow(model: ServedModel): ModelRow {
  const { endpoints } = model;
  const [cheapest] = endpoints;
  const unique = (values: string[]) => [...new Set(values)].sort();
  return {
    slug: model.slug,
    name: model.name,
    description: model.description,
    providers: unique(endpoints.map(({ provider }) => provider.name)),
    contextLength: model.contextLength,
    maxOutput: cheapest.maxOutput,
    input: model.inputModalities,
    output: model.outputModalities,
    parameters: unique(endpoints.flatMap(({ supportedParameters }) => [...supportedParameters])),
    reasoning: model.reasoning,
    released: model.releasedAt?.getTime() ?? 0,
    prompt: cheapest.prices.prompt,
    completion: cheapest.prices.completion,
  };
}
