import { z } from "zod";
import { AppError } from "@/lib/errors";
import { type ChatRequest, parseChatRequest } from "../chat-request";
import { invalidRequest } from "../invalid-request";

const ONE = "must be one text: several prompts are several requests here, and tokens are numbers of one company's";

/** What this dialect has beside the fields of chat completions, which it takes too. */
export const completionsBody = z.looseObject({
  model: z.string().min(1).max(256).optional(),
  prompt: z.union([z.string(), z.array(z.string(ONE)).length(1, ONE)], ONE),
  suffix: z.string().nullish(),
  echo: z.boolean().nullish(),
  best_of: z.int().min(1).nullish(),
  n: z.int().min(1).nullish(),
  logprobs: z.int().min(0).max(20).nullish(),
});

export type CompletionsRequest = {
  request: ChatRequest;
  /** What every answer begins with. */
  echo: string;
};

/**
 * A request for the legacy completions: the prompt is what a user says.
 *
 * @throws AppError `invalid_request` too for what only a model that goes on with a text could do
 */
export function toChatRequest(json: unknown): CompletionsRequest {
  const result = completionsBody.safeParse(json);
  if (!result.success) throw invalidRequest(result.error);
  const { prompt: prompts, suffix, echo, best_of, logprobs, ...rest } = result.data;
  if (suffix)
    throw new AppError("invalid_request", "suffix is not served here: these models answer, and insert nothing.");
  if (best_of != null && best_of !== (rest.n ?? 1))
    throw new AppError("invalid_request", "best_of must be what n is: no more is generated than is answered with.");
  const prompt = typeof prompts === "string" ? prompts : (prompts[0] ?? "");
  const request = parseChatRequest({
    ...rest,
    messages: [{ role: "user", content: prompt }],
    ...(logprobs != null && { logprobs: true, top_logprobs: logprobs }),
  });
  return { request, echo: echo ? prompt : "" };
}
