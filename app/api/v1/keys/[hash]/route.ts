import { deleteKey, getKey, patchKey } from "@/lib/gateway/keys-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(getKey);
export const PATCH = nextRoute(patchKey);
export const DELETE = nextRoute(deleteKey);
export const OPTIONS = preflight;
