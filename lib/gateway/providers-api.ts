import { z } from "zod";
import { type ApiHandler, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { publicReply } from "@/lib/http/public-reply";
import { currentCatalogue } from "@/lib/models/catalogue";
import type { Operation } from "./operation";

const providers = z.object({
  data: z.array(
    z.object({
      name: z.string(),
      slug: z.string(),
      privacy_policy_url: z.string().nullable(),
      terms_of_service_url: z.string().nullable(),
      status_page_url: z.string().nullable(),
    }),
  ),
});

/** GET /api/v1/providers: all that serve a model here, also those that only callers' own keys reach. */
export const listProviders: ApiHandler = apiRoute(async (request) => {
  const { models } = await currentCatalogue();
  const names = new Map(
    [...models.values()].flatMap(({ endpoints }) => endpoints.map(({ provider }) => [provider.slug, provider.name])),
  );
  const data = [...names].map(([slug, name]) => ({
    ...{ name, slug },
    ...{ privacy_policy_url: null, terms_of_service_url: null, status_page_url: null },
  }));
  data.sort((a, b) => a.slug.localeCompare(b.slug, "en"));
  return publicReply(request, jsonReply({ data } satisfies z.infer<typeof providers>));
});

export const providersOperations: Operation[] = [
  {
    at: "GET /providers",
    id: "listProviders",
    tag: "Models",
    access: "public",
    summary: "List the providers",
    reply: providers,
    example: {},
  },
];
