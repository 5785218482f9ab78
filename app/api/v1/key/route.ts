import { getCurrentKey } from "@/lib/gateway/keys-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(getCurrentKey);
export const OPTIONS = preflight;
