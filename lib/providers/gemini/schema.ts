import { isObject } from "../upstream-complaint";

type Schema = Record<string, unknown>;

/**
 * A JSON schema for Gemini's JSON-schema fields, which know a part of the language: what the rest says is said in that
 * part where it can be, and what Gemini would refuse goes.
 */
export function toSchema(schema: Schema): Schema {
  if (typeof schema.$ref === "string") return toReference(schema, schema.$ref);
  const result: Schema = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (dropped.has(keyword)) continue;
    if (keyword === "const") result.enum ??= [value];
    else if (keyword === "definitions") result.$defs = { ...schemasIn(value), ...(result.$defs as object) };
    else if (keyword === "$defs") result.$defs = { ...(result.$defs as object), ...schemasIn(value) };
    else if (mapsOfSchemas.has(keyword)) result[keyword] = schemasIn(value);
    else if (schemas.has(keyword)) result[keyword] = toNested(value);
    else result[keyword] = value;
  }
  addBounds(result, schema);
  return result;
}

/** What names the dialect, and comments on it. */
const dropped = new Set(["$schema", "$id", "$comment", "exclusiveMinimum", "exclusiveMaximum"]);
const mapsOfSchemas = new Set(["properties", "patternProperties", "dependentSchemas"]);
const schemas = new Set([
  ...["items", "prefixItems", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "contains"],
  ...["additionalProperties", "propertyNames"],
]);

/** Nothing may stand beside a reference but what begins with a `$`, and it must lead into `$defs`. */
function toReference({ $defs, definitions }: Schema, reference: string): Schema {
  const defs = { ...schemasIn(definitions), ...schemasIn($defs) };
  return {
    $ref: reference.replace(/^#\/definitions\//, "#/$defs/"),
    ...(Object.keys(defs).length > 0 && { $defs: defs }),
  };
}

function toNested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toNested);
  return isObject(value) ? toSchema(value) : value;
}

function schemasIn(value: unknown): Schema {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, toNested(schema)]));
}

/** Gemini knows no bounds that exclude themselves: of whole numbers the next one is meant, of others nearly the same. */
function addBounds(result: Schema, { type, exclusiveMinimum: above, exclusiveMaximum: below }: Schema): void {
  const types = Array.isArray(type) ? type : [type];
  const whole = types.includes("integer") && !types.includes("number");
  if (typeof above === "number") result.minimum ??= whole ? Math.floor(above) + 1 : above;
  if (typeof below === "number") result.maximum ??= whole ? Math.ceil(below) - 1 : below;
}
