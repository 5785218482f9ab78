import { readdirSync, readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { routes } from "@/tests/route-classes";
import { openApiDocument } from "./openapi";
import { operations } from "./operations";

test("the document is OpenAPI 3.1, every reference of it included", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(structuredClone(openApiDocument()));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(validator.version).toBe("3.1");
  const broken = structuredClone(openApiDocument()) as { paths: { "/key": { get: object } } };
  Object.assign(broken.paths["/key"].get, { responses: undefined, parameters: "none" });
  expect((await new Validator().validate(broken)).valid, "the validator can say no").toBe(false);

  const text = JSON.stringify(openApiDocument());
  const { schemas } = openApiDocument().components as { schemas: object };
  for (const [, name = ""] of text.matchAll(/"\$ref":"([^"]+)"/g))
    expect(Object.keys(schemas).map((known) => `#/components/schemas/${known}`)).toContain(name);
  expect(text).not.toContain("$defs");
});

/** What the document says of itself is not in it. */
const OUTSIDE = ["api/v1/openapi.json"];

test("every route of the public API is in it, and nothing else", () => {
  const built = readdirSync("app/api/v1", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("route.ts") && !OUTSIDE.includes(`api/v1/${file.slice(0, -9)}`))
    .flatMap((file) => {
      const [, given = ""] = /apiMethods\(\{([^}]*)\}/.exec(readFileSync(`app/api/v1/${file}`, "utf8")) ?? [];
      const path = `/${file.slice(0, -"/route.ts".length)}`.replaceAll(/\[\w+\]/g, "{}");
      return [...given.matchAll(/([A-Z]+):/g)].map(([, method]) => `${method} ${path}`);
    });
  const told = operations.map(({ at }) => at.replaceAll(/\{\w+\}/g, "{}"));
  expect(told.sort()).toEqual(built.sort());
});

test("who may ask is what the census checks", () => {
  const classes = { public: "public", "any key": "key", inference: "key", management: "management" } as const;
  for (const { at, access } of operations) {
    const path = at.replace(/^\w+ /, "api/v1").replaceAll(/\{\w+\}/g, "[]");
    const [, found] = Object.entries(routes).find(([route]) => route.replaceAll(/\[\w+\]/g, "[]") === path) ?? [];
    expect(found, at).toBe(classes[access]);
  }
});

test("every operation has a name of its own, and an example for each part of its path", () => {
  const ids = operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { at, example, body } of operations) {
    for (const [, name = ""] of at.matchAll(/\{(\w+)\}/g)) expect(example.path?.[name], at).toBeTruthy();
    expect(body === undefined, at).toBe(example.body === undefined);
    if (body) expect(body.safeParse(example.body).success, at).toBe(true);
  }
});
