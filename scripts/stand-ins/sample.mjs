// @ts-check

/**
 * The smallest value that a JSON schema asks for (its required properties only, where it says which).
 * @param {unknown} given
 * @returns {unknown}
 */
export function sampleOf(given) {
  const schema = /** @type {Record<string, any>} */ (given ?? {});
  if ("const" in schema) return schema.const;
  if ("default" in schema) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const alternatives = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (Array.isArray(alternatives)) return sampleOf(alternatives[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (String(type ?? "object").toLowerCase()) {
    case "string":
      return "stand-in";
    case "number":
    case "integer":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return schema.items ? [sampleOf(schema.items)] : [];
    default: {
      const properties = schema.properties ?? {};
      const names = Array.isArray(schema.required) ? schema.required : Object.keys(properties);
      return Object.fromEntries(names.map((/** @type {string} */ name) => [name, sampleOf(properties[name])]));
    }
  }
}
