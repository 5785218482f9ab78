import { createByok, listByok } from "@/lib/gateway/byok-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(listByok);
export const POST = nextRoute(createByok);
export const OPTIONS = preflight;
