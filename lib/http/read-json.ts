import { AppError } from "@/lib/errors";
import type { ApiRequest } from "./api-handler";

const MOST_DEPTH = 64;
const MOST_NODES = 100_000;

/**
 * The body as JSON, not deeper than anything sensible and without names that JavaScript treats as its own.
 *
 * @throws AppError `invalid_request`, and what `request.text()` throws
 */
export async function readJson(request: ApiRequest): Promise<unknown> {
  const text = await request.text();
  if (text.trim() === "") throw new AppError("invalid_request", "The request has no body; send JSON.");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new AppError("invalid_request", "The request body is not valid JSON.", { cause: error });
  }
  inspect(body, 0, { left: MOST_NODES });
  return body;
}

function inspect(value: unknown, depth: number, nodes: { left: number }): void {
  if (typeof value !== "object" || value === null) return;
  if (depth >= MOST_DEPTH)
    throw new AppError("invalid_request", `The request body is nested deeper than ${MOST_DEPTH} levels.`);
  if (Array.isArray(value)) {
    spend(nodes, value.length);
    for (const item of value) inspect(item, depth + 1, nodes);
    return;
  }
  const names = Object.keys(value);
  spend(nodes, names.length);
  for (const name of names) {
    if (name === "__proto__") delete (value as Record<string, unknown>)[name];
    else inspect((value as Record<string, unknown>)[name], depth + 1, nodes);
  }
}

function spend(nodes: { left: number }, count: number) {
  nodes.left -= count;
  if (nodes.left < 0) throw new AppError("invalid_request", `The request body has more than ${MOST_NODES} values.`);
}
