import { deleteByok, getByok, patchByok } from "@/lib/gateway/byok-api";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

export const GET = nextRoute(getByok);
export const PATCH = nextRoute(patchByok);
export const DELETE = nextRoute(deleteByok);
export const OPTIONS = preflight;
