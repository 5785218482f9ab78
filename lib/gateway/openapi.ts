import { z } from "zod";
import { AppError, type ErrorType } from "@/lib/errors";
import { headerParameters } from "./asked-headers";
import type { Operation } from "./operation";
import { operations } from "./operations";

const BASE = "/api/v1";

type Json = Record<string, unknown>;

/** What a refusal is, whatever is refused. */
const failure = z
  .object({
    error: z.object({
      code: z.int().describe("The HTTP status"),
      message: z.string(),
      metadata: z.looseObject({ error_type: z.string() }),
    }),
  })
  .meta({ id: "Error" });

let made: Json | undefined;

/** The API as an OpenAPI 3.1 document, made once of the schemas that are in force. */
export function openApiDocument(): Json {
  made ??= toDocument(operations);
  return made;
}

export function toDocument(all: readonly Operation[]): Json {
  const schemas: Json = {};
  const schemaOf = (schema: z.ZodType) => toSchema(schema, schemas);
  const paths: Record<string, Json> = {};
  for (const operation of all) {
    const [method = "", path = ""] = operation.at.split(" ");
    paths[path] = { ...paths[path], [method.toLowerCase()]: toOperation(operation, schemaOf) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "OpenRouter, self-hosted",
      version: "1",
      description:
        "The API of this server, in OpenRouter's dialect. Fields that a request names and this document does not are passed over. An answer may gain fields.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: BASE }],
    tags: [...new Set(all.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "An API key: `sk-or-v1-…`. `X-Api-Key` is taken too." },
      },
      schemas,
    },
  };
}

type SchemaOf = (schema: z.ZodType) => Json;

function toOperation(operation: Operation, schemaOf: SchemaOf): Json {
  const { id, tag, access, summary, description, body, reply, event, status = 200 } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    ...(access === "public" && { security: [] }),
    ...(access === "management" && { "x-key-kind": "management" }),
    parameters: [...pathParameters(operation), ...queryParameters(operation, schemaOf), ...headerParameters(operation)],
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: schemaOf(body), example: operation.example.body } },
      },
    }),
    responses: {
      [status]: {
        description: "What was asked for",
        content: {
          ...(reply && { "application/json": { schema: schemaOf(reply) } }),
          ...(event && { "text/event-stream": { schema: schemaOf(event) } }),
        },
      },
      ...Object.fromEntries(
        Object.entries(refusals(operation)).map(([code, types]) => [
          code,
          {
            description: types.join(", "),
            content: { "application/json": { schema: schemaOf(operation.failure ?? failure) } },
          },
        ]),
      ),
    },
    "x-codeSamples": [{ lang: "Shell", label: "curl", source: toCurl(operation) }],
  };
}

const pathParameters = ({ at }: Operation) =>
  [...at.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));

function queryParameters({ query }: Operation, schemaOf: SchemaOf) {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    ...(description !== undefined && { description }),
    required: required.includes(name),
    schema,
  }));
}

/** The statuses that it may be refused with, each with the types of error that have it. */
function refusals({ access, at, query, body, errors = [] }: Operation): Record<string, ErrorType[]> {
  const types: ErrorType[] = [...errors, "server"];
  if (query || body) types.push("invalid_request");
  if (body) types.push("payload_too_large", "unsupported_media_type");
  if (at.includes("{")) types.push("not_found");
  if (access !== "public") types.push("authentication");
  if (access === "inference" || access === "management") types.push("permission_denied");
  const byStatus: Record<string, ErrorType[]> = {};
  for (const type of new Set(types)) (byStatus[new AppError(type, "").status] ??= []).push(type);
  return byStatus;
}

const ENVIRONMENT: Record<Exclude<Operation["access"], "public">, string> = {
  "any key": "OPENROUTER_API_KEY",
  inference: "OPENROUTER_API_KEY",
  management: "OPENROUTER_MANAGEMENT_KEY",
};

/** What runs in a shell as it stands once its variables are set. */
export function toCurl({ at, access, example }: Operation): string {
  const [method, path = ""] = at.split(" ");
  const query = new URLSearchParams(example.query).toString().replaceAll("%24", "$");
  const address = path.replace(/\{(\w+)\}/g, (_, name) => example.path?.[name] ?? "") + (query && `?${query}`);
  const parts = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"$OPENROUTER_BASE_URL${address}"`,
    ...(access === "public" ? [] : [`-H "Authorization: Bearer $${ENVIRONMENT[access]}"`]),
    ...(example.body ? [`-H "Content-Type: application/json"`, `-d ${shellText(JSON.stringify(example.body))}`] : []),
  ];
  return parts.join(" \\\n  ");
}

/** Within single quotes nothing is expanded, so that a variable stands outside of them. */
const shellText = (text: string) => `'${text.replaceAll("'", `'\\''`).replace(/\$[A-Z_]+/g, (name) => `'"${name}"'`)}'`;

/** What a caller may send, or gets: of a schema with a transform, what goes into it. */
function toSchema(schema: z.ZodType, schemas: Json): Json {
  const { $schema: _dialect, $defs, ...rest } = z.toJSONSchema(schema, { io: "input" }) as Json;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Json)) schemas[name] = moved(definition);
  return moved(rest) as Json;
}

/** References, from where zod puts definitions to where OpenAPI does. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== "id" || typeof (value as Json).id !== "string");
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      name,
      name === "$ref" && typeof inner === "string" ? inner.replace("#/$defs/", "#/components/schemas/") : moved(inner),
    ]),
  );
}
