import { env } from "@/lib/env";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { type Deadlines, deadlinesOf } from "@/lib/providers/deadlines";
import type { Stop } from "./plan-route";

/** How long an endpoint is waited for in each phase of a request: as long as is set for it, or for all, or usual. */
export function deadlinesFor(request: ChatRequest): (stop: Stop) => Deadlines {
  const settings = fromSettings();
  return ({ model, timeouts }) => deadlinesOf({ request, mayThink: model.reasoning, deadlines: timeouts }, settings);
}

function fromSettings(): Partial<Deadlines> {
  const settings = env();
  const ms = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1_000);
  return {
    connect: ms(settings.CONNECT_TIMEOUT_SECONDS),
    headers: ms(settings.HEADERS_TIMEOUT_SECONDS),
    firstToken: ms(settings.FIRST_TOKEN_TIMEOUT_SECONDS),
    idle: ms(settings.IDLE_TIMEOUT_SECONDS),
    total: ms(settings.TOTAL_TIMEOUT_SECONDS),
  };
}
