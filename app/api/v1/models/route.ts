import { listModels } from "@/lib/gateway/models-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(listModels);
export const OPTIONS = preflight;
