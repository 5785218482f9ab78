import { describe, expect, test } from "vitest";
import { toSchema } from "./schema";

const of = (property: object) => ({ type: "object", properties: { a: property } });

describe("toSchema", () => {
  test.each([
    [
      "what names the dialect",
      { $schema: "s", $id: "i", $comment: "c", ...of({ $comment: "c", type: "string" }) },
      of({ type: "string" }),
    ],
    ["lists of types", of({ type: ["string", "null"] }), of({ type: ["string", "null"] })],
    [
      "a bound on whole numbers that excludes itself",
      of({ type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10 }),
      of({ type: "integer", minimum: 1, maximum: 9 }),
    ],
    [
      "one between whole numbers",
      of({ type: "integer", exclusiveMinimum: 0.5, exclusiveMaximum: 2.5 }),
      of({ type: "integer", minimum: 1, maximum: 2 }),
    ],
    ["one on any numbers", of({ type: "number", exclusiveMinimum: 0.5 }), of({ type: "number", minimum: 0.5 })],
    [
      "one beside another",
      of({ type: "integer", minimum: 5, exclusiveMinimum: 0 }),
      of({ type: "integer", minimum: 5 }),
    ],
    [
      "the older form of it",
      of({ type: "integer", minimum: 5, exclusiveMinimum: true }),
      of({ type: "integer", minimum: 5 }),
    ],
    ["constants", of({ const: "a" }), of({ enum: ["a"] })],
    [
      "further properties",
      { ...of({ additionalProperties: { const: 1 } }), additionalProperties: false },
      { ...of({ additionalProperties: { enum: [1] } }), additionalProperties: false },
    ],
    [
      "alternatives",
      of({ oneOf: [{ const: "a" }, { type: "null" }] }),
      of({ oneOf: [{ enum: ["a"] }, { type: "null" }] }),
    ],
    [
      "lists",
      of({ type: "array", items: { const: 1 }, prefixItems: [{ const: 2 }] }),
      of({ type: "array", items: { enum: [1] }, prefixItems: [{ enum: [2] }] }),
    ],
    [
      "words beside a reference",
      { ...of({ $ref: "#/$defs/x", description: "d", default: 1 }), $defs: { x: { const: 1 } } },
      { ...of({ $ref: "#/$defs/x" }), $defs: { x: { enum: [1] } } },
    ],
    [
      "the older place of definitions",
      { ...of({ $ref: "#/definitions/x" }), definitions: { x: { type: "string" } } },
      { ...of({ $ref: "#/$defs/x" }), $defs: { x: { type: "string" } } },
    ],
    [
      "nothing but a reference",
      { $ref: "#/definitions/x", type: "object", definitions: { x: { type: "object" } } },
      { $ref: "#/$defs/x", $defs: { x: { type: "object" } } },
    ],
    [
      "properties that are called like keywords",
      {
        type: "object",
        properties: {
          const: { type: "string" },
          $id: { type: "string" },
          items: { const: 1 },
          $ref: { type: "string" },
        },
      },
      {
        type: "object",
        properties: {
          const: { type: "string" },
          $id: { type: "string" },
          items: { enum: [1] },
          $ref: { type: "string" },
        },
      },
    ],
    [
      "values that look like schemas",
      of({ default: { const: 1 }, enum: [{ $id: "i" }], examples: [{ const: 1 }] }),
      of({ default: { const: 1 }, enum: [{ $id: "i" }], examples: [{ const: 1 }] }),
    ],
  ])("%s", (_, schema, becomes) => {
    const before = structuredClone(schema);
    expect(toSchema(schema)).toEqual(becomes);
    expect(schema).toEqual(before);
  });
});
