import type { EndpointRow } from "@/components/models/endpoint-row";
import type { Endpoint } from "@/lib/models/catalogue";

export const toEndpointRow = ({
  id,
  provider,
  variant,
  contextLength,
  maxOutput,
  supportedParameters,
  prices,
}: Endpoint): EndpointRow => ({
  id,
  provider: variant ? `${provider.name} (${variant})` : provider.name,
  providerSlug: provider.slug,
  isServed: provider.credential !== undefined,
  contextLength,
  maxOutput,
  parameters: [...supportedParameters].sort(),
  prices,
});
