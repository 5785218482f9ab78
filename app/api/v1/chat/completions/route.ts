import { chatCompletions } from "@/lib/gateway/chat-completions";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const maxDuration = 800;

export const POST = nextRoute(chatCompletions);
export const OPTIONS = preflight;
