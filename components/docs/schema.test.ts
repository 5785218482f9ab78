import { expect, test } from "vitest";
import { type ApiDocument, type OperationObject, objectsIn, refsIn, type Schema, schemasOf, typeText } from "./schema";

const ref = { $ref: "#/components/schemas/Model" };
const named = { type: "object", properties: { a: { type: "string" } } };

test.each<[Schema, string]>([
  [{ type: "string" }, "string"],
  [{ type: ["string", "null"] }, "string | null"],
  [{ enum: ["low", "high"] }, '"low" | "high"'],
  [{ const: 0 }, "0"],
  [ref, "Model"],
  [{ type: "array", items: ref }, "Model[]"],
  [{ type: "array", items: { anyOf: [{ type: "string" }, ref] } }, "(string | Model)[]"],
  [{ oneOf: [{ type: "null" }, { type: "null" }] }, "null"],
  [{}, "any"],
])("%j reads %s", (schema, text) => expect(typeText(schema)).toBe(text));

test("what is inside of lists and choices is found, and what has a name is left to its own place", () => {
  expect(objectsIn({ anyOf: [{ type: "array", items: named }, named, ref, { type: "null" }] })).toEqual([named, named]);
  expect(refsIn({ anyOf: [{ type: "array", items: ref }, named] })).toEqual(["Model"]);
});

test("the named parts of an operation are found, and their parts, each once", () => {
  const list = { type: "object", properties: { data: { type: "array", items: ref }, next: ref } };
  const part = { $ref: "#/components/schemas/Part" };
  const document = {
    components: { schemas: { List: list, Model: { properties: { part, self: ref } }, Part: named, Other: named } },
  } as unknown as ApiDocument;
  const schema = { $ref: "#/components/schemas/List" };
  const operation = { responses: { 200: { content: { "application/json": { schema } } } } } as unknown;
  expect(schemasOf(document, operation as OperationObject).map(([name]) => name)).toEqual(["List", "Model", "Part"]);
});
