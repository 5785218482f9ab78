import { createKey, listKeys } from "@/lib/gateway/keys-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(listKeys);
export const POST = nextRoute(createKey);
export const OPTIONS = preflight;
