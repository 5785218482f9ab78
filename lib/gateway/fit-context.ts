import type { PipelineStep } from "@/db/schema";
import { AppError } from "@/lib/errors";
import { likelyTokens } from "@/lib/models/count-tokens";
import { middleOut, weightOf } from "@/lib/models/middle-out";
import { mostPromptTokens } from "@/lib/models/prompt-size";
import { type ChatRequest, inOurWords, NATIVE } from "@/lib/protocol/chat-request";
import { byteBound, type Excluded, type Route } from "./plan-route";

/** At endpoints with no more context than this, a prompt loses its middle unless the caller says that it must not. */
const SMALL_CONTEXT = 8_192;

/** Of the context, what an answer has that nobody capped. */
const SHARE_OF_OUTPUT = 4;

/** Of such text a tokenizer makes one token: what is longer than the context by this measure need not be counted. */
const MOST_BYTES_PER_TOKEN = 8;

const MOST_TRIES = 8;

type Plan = (request: ChatRequest, roomiest?: boolean) => Route;
type Fitted = { request: ChatRequest; route: Route; pipeline: PipelineStep[] };

/**
 * A route for the request; and where no endpoint of its models has room for the prompt and the answer, for what is left of
 * it without its middle, at those that have the most room. An answer without a cap then gets one, which is that room.
 *
 * @param wish undefined where the caller said nothing of it
 * @throws what planning throws
 */
export async function fitContext(request: ChatRequest, plan: Plan, wish: boolean | undefined): Promise<Fitted> {
  if (wish === false) return { request, route: plan(request), pipeline: [] };
  const usual = planned(() => plan(request));
  if ("error" in usual && !isTooLong(usual.error)) throw usual.error;
  const asItIs = (): Fitted => {
    if ("error" in usual) throw usual.error;
    return { request, route: usual.route, pipeline: [] };
  };
  if ("route" in usual) {
    const { context, room } = roomOf(usual.route);
    if ((wish === undefined && context > SMALL_CONTEXT) || byteBound(request, usual.route) <= room) return asItIs();
  }
  const widest = planned(() => plan(request, true));
  if ("error" in widest) return asItIs();
  const roomy = widest.route;
  const { context, output, room } = roomOf(roomy);
  const ours = inOurWords(request);
  if ((wish === undefined && context > SMALL_CONTEXT) || ours[NATIVE]) return asItIs();
  const longer = Math.ceil(roomy.size.longest / MOST_BYTES_PER_TOKEN) > room;
  const tokens = longer ? Number.POSITIVE_INFINITY : await likelyPrompt(request, roomy);
  if (tokens <= room)
    return "route" in usual && roomOf(usual.route).context === context ? asItIs() : fitted(request, roomy);

  const weight = ours.messages.reduce((sum, message) => sum + weightOf(message), 0);
  let most = Math.floor(longer ? room * MOST_BYTES_PER_TOKEN : (weight * room) / tokens);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const left = middleOut(ours.messages, most);
    if (!left) break;
    const shorter = { ...ours, messages: left.messages, ...(roomy.cap === undefined && { max_tokens: output }) };
    const route = plan(shorter, true);
    const prompt = await likelyPrompt(shorter, route);
    if (prompt <= room) return fitted(shorter, route, step(left, context));
    most = Math.floor(most * Math.min(0.95, room / prompt));
  }
  return asItIs();
}

const fitted = (request: ChatRequest, route: Route, ...pipeline: PipelineStep[]): Fitted => ({
  ...{ request, route, pipeline },
});

function planned(plan: () => Route): { route: Route } | { error: unknown } {
  try {
    return { route: plan() };
  } catch (error) {
    return { error };
  }
}

const isTooLong = (error: unknown) =>
  error instanceof AppError &&
  ((error.metadata.excluded as Excluded[] | undefined) ?? []).some(({ by }) => by === "context_length");

/** What the endpoint with the longest context has for a prompt beside the answer, in tokens. */
function roomOf({ endpoints, cap }: Route) {
  const context = Math.max(...endpoints.map(({ contextLength }) => contextLength));
  const quarter = Math.ceil(context / SHARE_OF_OUTPUT);
  const output = cap ?? Math.min(quarter, ...endpoints.map(({ maxOutput }) => maxOutput ?? quarter));
  return { context, output, room: context - output };
}

const likelyPrompt = async (request: ChatRequest, { size, endpoints }: Route) =>
  mostPromptTokens(
    request,
    size,
    await likelyTokens(
      request,
      endpoints.map(({ model }) => model.tokenizer),
    ),
  );

const step = ({ dropped, shortened }: { dropped: number; shortened: number }, context: number): PipelineStep => ({
  type: "context_compression",
  name: "context-compression",
  summary: `The prompt was too long for ${context} tokens of context: ${dropped} messages were left out of its middle, and ${shortened} shortened.`,
  data: { engine: "middle-out", messages_left_out: dropped, messages_shortened: shortened },
});
