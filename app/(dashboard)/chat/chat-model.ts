import type { ChatModel } from "@/components/chat/chat-model";
import type { ServedModel } from "@/lib/models/served-models";

/** What the chat knows of a model. The browser is sent nothing of how its providers are reached. */
export function toChatModel({ slug, name, endpoints, contextLength, inputModalities }: ServedModel): ChatModel {
  const [{ prices }] = endpoints;
  return {
    slug,
    name,
    providers: [...new Set(endpoints.map(({ provider }) => provider.name))],
    contextLength,
    prompt: prices.prompt,
    completion: prices.completion,
    inputModalities,
    supportedParameters: [...new Set(endpoints.flatMap(({ supportedParameters }) => [...supportedParameters]))],
  };
}
