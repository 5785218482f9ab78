/**
 * A JSON schema for Gemini's JSON-schema fields, which take nearly all of it: only what names the dialect goes.
 */
export function toSchema(schema: Record<string, unknown>): Record<string, unknown> {
  const { $schema: _dialect, $id: _name, ...rest } = schema;
  return rest;
}
