import { getGeneration } from "@/lib/gateway/generation-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(getGeneration);
export const OPTIONS = preflight;
