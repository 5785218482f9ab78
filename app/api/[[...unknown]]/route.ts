import { AppError } from "@/lib/errors";
import { apiRoute } from "@/lib/http/api-route";
import { nextRoute } from "@/lib/http/next-route";
import { preflight } from "@/lib/http/preflight";

/** What is not built answers in the API's own words, never with a page. */
const unknown = nextRoute(
  apiRoute(async ({ method, path }) => {
    throw new AppError("not_found", `There is no ${method} ${path} on this server.`);
  }),
);

export const GET = unknown;
export const POST = unknown;
export const PUT = unknown;
export const PATCH = unknown;
export const DELETE = unknown;
export const OPTIONS = preflight;
