/** The parts of a JSON schema that the reference shows. */
export type Schema = {
  $ref?: string;
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  deprecated?: boolean;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  additionalProperties?: Schema | boolean;
};

export type Parameter = { name: string; in: string; required: boolean; description?: string; schema: Schema };
type Content = Record<string, { schema: Schema; example?: unknown }>;

export type OperationObject = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: object[];
  "x-key-kind"?: string;
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content: Content }>;
  "x-codeSamples": { source: string }[];
};

export type ApiDocument = {
  tags: { name: string }[];
  paths: Record<string, Record<string, OperationObject>>;
  components: { schemas: Record<string, Schema> };
};

/** `GET` and `/keys/{hash}`, with what the document says of them. */
export type Listed = { method: string; path: string; operation: OperationObject };

export const listOperations = ({ paths }: ApiDocument): Listed[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** The named schemas that an operation is made of, and those that these are made of; refusals are all alike. */
export function schemasOf(
  { components }: ApiDocument,
  { requestBody, responses }: OperationObject,
): [string, Schema][] {
  const found = new Map<string, Schema>();
  const look = (value: unknown) => {
    for (const [, name = ""] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      const schema = components.schemas[name];
      if (!schema || found.has(name)) continue;
      found.set(name, schema);
      look(schema);
    }
  };
  look(requestBody);
  look(Object.values(responses)[0]);
  return [...found];
}

const nameOfRef = (ref: string) => ref.slice(ref.lastIndexOf("/") + 1);

/** A schema's type in a few words: `"low" | "high"`, `string[]`, `Model | null`. */
export function typeText(schema: Schema): string {
  if (schema.$ref) return nameOfRef(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeText))].join(" | ");
  if (schema.type === "array" && schema.items) {
    const inner = typeText(schema.items);
    return inner.includes(" | ") ? `(${inner})[]` : `${inner}[]`;
  }
  return Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "any");
}

/** The schemas with fields of their own inside of a schema: of a list its items, of a choice each. */
export function objectsIn(schema: Schema): Schema[] {
  if (schema.$ref) return [];
  if (schema.properties) return [schema];
  if (schema.items) return objectsIn(schema.items);
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(objectsIn);
}

/** The named schemas that it is made of. */
export function refsIn(schema: Schema): string[] {
  if (schema.$ref) return [nameOfRef(schema.$ref)];
  if (schema.items) return refsIn(schema.items);
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(refsIn);
}
