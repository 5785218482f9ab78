import { type HoldAnswer, openHold } from "@/lib/billing/holds";
import { freeRates, tooMany } from "@/lib/billing/rates";
import { AppError } from "@/lib/errors";
import type { Caller } from "@/lib/keys/authenticate";
import { affordableOutput, ceilingCost, LEAST_OUTPUT_TOKENS, mostOutputTokens } from "@/lib/models/ceiling";
import { boundByTokenizer } from "@/lib/models/count-tokens";
import { mostPromptTokens } from "@/lib/models/prompt-size";
import { formatUsd, type Nanos } from "@/lib/money";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { byteBound, type Route, type Stop } from "./plan-route";

export type Admission = {
  /** What the hold is for: all of the route's, or only those with a key of the caller's own, which cost less. */
  endpoints: Stop[];
  /** What the request may cost at most: it is never charged more. */
  held: Nanos;
  /** The most that may count in the key's limit, with what the caller's own provider charges him. */
  heldWithByok: Nanos;
  /** The output that the hold pays for at an endpoint: what its upstream is told not to pass. */
  outputCap: (endpoint: Stop) => number;
};

/** What the database can hold: more is more than anybody has. */
const MOST_NANOS = 2n ** 63n - 1n;

type Applicant = {
  id: string;
  caller: Caller;
  progress: Record<string, unknown>;
  /** It asks for a free model by that name. */
  free: boolean;
};

/**
 * Holds the most that a request can cost at any endpoint it may reach. A caller who named no cap gets as much output as
 * his balance pays for. The bound is first one token a byte, which costs nothing to know; only where that does not fit
 * is the prompt counted.
 *
 * @throws AppError `payment_required`, `permission_denied` (the key's limit, its guardrail's budget), `rate_limit_exceeded`, `authentication`,
 *   `service_unavailable`
 */
export async function admit(request: ChatRequest, route: Route, applicant: Applicant): Promise<Admission> {
  const [first, ...others] = route.endpoints.filter((stop) => stop.own);
  if (!first || others.length + 1 === route.endpoints.length) return admitTo(request, route, applicant);
  try {
    return await admitTo(request, route, applicant);
  } catch (error) {
    // Who cannot pay for the operator's capacity may still use his own.
    if (!(error instanceof AppError) || (error.type !== "payment_required" && error.type !== "permission_denied"))
      throw error;
    return admitTo(request, { ...route, endpoints: [first, ...others] }, applicant);
  }
}

async function admitTo(request: ChatRequest, route: Route, applicant: Applicant): Promise<Admission> {
  const bytes = byteBound(request, route);
  // A bound of more than half the context would cut the room for the answer, which it must not do for want of counting.
  const crowded = route.endpoints.some(({ contextLength }) => bytes > (contextLength * route.size.prompts) / 2);
  const first = crowded ? undefined : await ask(route, bytes, applicant);
  if (first?.admission) return first.admission;
  // What no counting can change is said at once.
  if (first && !("room" in first.answer && first.answer.room > 0n))
    throw refusal(first.answer, (answer) => tooDear(answer, route, bytes));
  const counted = await boundByTokenizer(
    request,
    route.endpoints.map(({ model }) => model.tokenizer),
  );
  const prompt = Math.min(bytes, mostPromptTokens(request, route.size, counted));
  const second = first && prompt === bytes ? first : await ask(route, prompt, applicant);
  if (second.admission) return second.admission;
  throw refusal(second.answer, (answer) => tooDear(answer, route, prompt));
}

async function ask(route: Route, prompt: number, { id, caller, progress, free }: Applicant) {
  const { endpoints, size, choices, markupOf } = route;
  const question = (markupBasisPoints: number) => ({ size, prompt, choices, markupBasisPoints });
  const wanted = (stop: Stop) =>
    route.cap === undefined
      ? mostOutputTokens(stop, prompt)
      : Math.max(Math.min(route.cap, stop.maxOutput ?? route.cap), leastCap(stop));
  const least = (stop: Stop) => (route.cap === undefined ? Math.min(LEAST_OUTPUT_TOKENS, wanted(stop)) : wanted(stop));
  const paid = (output: (stop: Stop) => number) => (stop: Stop) =>
    ceilingCost(stop, { ...question(markupOf(stop)), output: output(stop) });
  const counted = (output: (stop: Stop) => number) => (stop: Stop) =>
    paid(output)(stop) + (stop.own ? ceilingCost(stop, { ...question(0), output: output(stop) }) : 0n);
  const most = { most: highest(endpoints, paid(wanted)), least: highest(endpoints, paid(least)) };
  const withByok = { most: highest(endpoints, counted(wanted)), least: highest(endpoints, counted(least)) };

  const answer = await openHold({
    ...{ id, accountId: caller.accountId, keyId: caller.keyId, progress, ...most },
    ...(endpoints.some(({ own }) => own) && { withByok }),
    ...((caller.isRated || free) && { rates: { tokens: expectedTokens(route), ...(free && { free: freeRates() }) } }),
  });
  if (answer.outcome !== "ok" && answer.outcome !== "duplicate") return { answer };
  const { granted, grantedWithByok } = answer;
  const outputCap = (stop: Stop) => {
    const paidFor = Math.min(wanted(stop), affordableOutput(stop, granted, question(markupOf(stop))));
    if (!stop.own || grantedWithByok >= withByok.most) return paidFor;
    // Two roundings up stand in what counts: one nano less makes room for the second.
    return Math.min(paidFor, affordableOutput(stop, grantedWithByok - 1n, question(10_000 + markupOf(stop))));
  };
  return {
    answer,
    admission: { endpoints, held: granted, heldWithByok: grantedWithByok, outputCap } satisfies Admission,
  };
}

/** What a request is likely to use, before anybody has counted: four characters a token, and the output it asks for. */
export const expectedTokens = ({ size, cap, choices }: Route): number =>
  Math.ceil(size.bytes / 4) + (cap ?? 0) * choices;

const highest = (endpoints: Stop[], cost: (stop: Stop) => Nanos) =>
  endpoints.reduce<Nanos>((most, stop) => {
    const ceiling = cost(stop);
    return ceiling > most ? (ceiling < MOST_NANOS ? ceiling : MOST_NANOS) : most;
  }, 0n);

/** A smaller cap than this is refused by the upstream, so this is what it is told, and what is held. */
const leastCap = ({ wire }: Stop) => (wire === "openai-responses" ? LEAST_OUTPUT_TOKENS : 0);

/**
 * Sets nothing aside, for an answer that costs nothing: but the account must be in order, and the key within its rates.
 *
 * @throws AppError as `admit`
 */
export async function admitForNothing({ id, caller, progress }: Omit<Applicant, "free">): Promise<void> {
  const answer = await openHold({
    ...{ id, accountId: caller.accountId, keyId: caller.keyId, progress, most: 0n, least: 0n },
    ...(caller.isRated && { rates: { tokens: 0 } }),
  });
  if (answer.outcome !== "ok" && answer.outcome !== "duplicate") throw refusal(answer, noCredits);
}

type TooDear = Extract<HoldAnswer, { room: bigint }>;

function refusal(answer: HoldAnswer, tooDear: (answer: TooDear) => AppError): AppError {
  switch (answer.outcome) {
    case "insufficient":
    case "key_limit":
    case "budget":
      return tooDear(answer);
    case "rate_limit":
      return tooMany(answer);
    case "frozen":
      return new AppError("payment_required", "This account is frozen. Contact the operator of this server.");
    default:
      return new AppError("authentication", "Invalid API key");
  }
}

const noCredits = () => new AppError("payment_required", "Insufficient credits. Add more to continue.");

const LIMITS = {
  key_limit: {
    name: "the key's limit",
    used: "Key limit exceeded. Raise the key's limit, or wait for its reset.",
  },
  budget: {
    name: "the guardrail's budget",
    used: "Guardrail budget exceeded. Raise the budget of the key's guardrail, or wait for its reset.",
  },
};

/** Nothing left is said otherwise than too little left, as OpenRouter splits them. */
function tooDear(answer: TooDear, route: Route, prompt: number): AppError {
  const limit = answer.outcome === "insufficient" ? undefined : LIMITS[answer.outcome];
  if (limit && answer.room === 0n)
    return new AppError("permission_denied", limit.used, {
      metadata: { resets_at: answer.resetsAt?.toISOString() ?? null },
    });
  const whose = limit?.name ?? "the balance";
  if (answer.room === 0n) return noCredits();
  const { size, choices, endpoints, markupOf } = route;
  const affordable = Math.min(
    ...endpoints.map((stop) => {
      // What is left of a limit is left for the provider's charge too.
      const markupBasisPoints = markupOf(stop) + (stop.own && limit ? 10_000 : 0);
      return affordableOutput(stop, answer.room, { size, prompt, choices, markupBasisPoints });
    }),
  );
  const asked = route.cap ?? Math.max(...route.endpoints.map((endpoint) => mostOutputTokens(endpoint, prompt)));
  return new AppError(
    "payment_required",
    affordable < 1
      ? `This request requires more credits: its prompt alone costs more than ${whose} has left ($${formatUsd(answer.room)}).`
      : `This request requires more credits, or fewer max_tokens. You requested up to ${asked} tokens, but can only afford ${affordable} with what ${whose} has left ($${formatUsd(answer.room)}).`,
    { metadata: { affordable_tokens: affordable, resets_at: answer.resetsAt?.toISOString() } },
  );
}
