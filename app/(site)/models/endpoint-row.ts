import type { EndpointRow } from "@/components/models/endpoint-row";
import type { DataPolicy, Endpoint } from "@/lib/models/catalogue";

export const toEndpointRow = ({
  id,
  provider,
  variant,
  contextLength,
  maxOutput,
  supportedParameters,
  prices,
  ...policy
}: Endpoint): EndpointRow => ({
  id,
  provider: variant ? `${provider.name} (${variant})` : provider.name,
  providerSlug: provider.slug,
  isServed: provider.credential !== undefined,
  contextLength,
  maxOutput,
  parameters: [...supportedParameters].sort(),
  prices,
  prompts: promptsAt(policy),
});

/** What becomes of prompts there, in words. */
function promptsAt({ trainsOnPrompts, retainsPrompts }: DataPolicy): string {
  if (trainsOnPrompts) return "trained on";
  if (retainsPrompts === false) return "not kept";
  return trainsOnPrompts === false ? "not trained on" : "not known";
}
