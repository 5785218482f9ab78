import { type ApiHandler, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { readJson } from "@/lib/http/read-json";
import { authenticate, requireKind } from "@/lib/keys/authenticate";
import { currentCatalogue } from "@/lib/models/catalogue";
import { countPromptTokens } from "@/lib/models/count-tokens";
import { mostPromptTokens, promptSize } from "@/lib/models/prompt-size";
import { requestedModels } from "@/lib/models/requested-models";
import { messages } from "@/lib/protocol/messages/door";

/**
 * POST /api/v1/messages/count_tokens: how long a prompt is, by our own count. It is an estimate: each provider counts in
 * its own way, and what it counts is billed.
 */
export const countMessageTokens: ApiHandler = apiRoute(async (request) => {
  const caller = await authenticate(request.header);
  requireKind(caller, "inference");
  const { request: asked } = messages.read(await readJson(request), request.header);
  requestedModels(await currentCatalogue(), asked.model ? [asked.model] : [], caller.allowedModels);
  const text = await countPromptTokens(asked);
  return jsonReply({ input_tokens: mostPromptTokens(asked, promptSize(asked), text) });
}, messages.errorBody);
