import { describe, expect, test } from "vitest";
import { NO_SETTINGS, type Settings } from "./chat";
import { readSettings } from "./read-settings";

const read = (settings: Partial<Settings>) => readSettings({ ...NO_SETTINGS, ...settings });

describe("readSettings", () => {
  test.each<[Partial<Settings>, keyof Settings, RegExp]>([
    [{ temperature: "warm" }, "temperature", /from 0 to 2/],
    [{ temperature: "2.1" }, "temperature", /from 0 to 2/],
    [{ topP: "-0.1" }, "topP", /from 0 to 1/],
    [{ topP: "Infinity" }, "topP", /from 0 to 1/],
    [{ maxTokens: "0" }, "maxTokens", /from 1/],
    [{ maxTokens: "1.5" }, "maxTokens", /whole/],
    [{ seed: "1e3" }, "seed", /whole/],
    [{ seed: "99999999999999999999" }, "seed", /whole/],
    [{ format: "json_schema" }, "schema", /needed/],
    [{ format: "json_schema", schema: "[]" }, "schema", /object/],
    [{ format: "json_schema", schema: "{" }, "schema", /not JSON/],
    [{ tools: "{" }, "tools", /not JSON/],
    [{ tools: "7" }, "tools", /not an object/],
    [{ tools: "[{}]" }, "tools", /The tool needs a name/],
    [{ tools: '[{"name":"f"},{"name":"a b"}]' }, "tools", /Tool 2 needs a name/],
    [{ tools: '[{"name":"f"},{"name":"f"}]' }, "tools", /Two tools have the name f/],
    [{ tools: '{"name":"f","parameters":[]}' }, "tools", /parameters of f/],
    [{ tools: '{"name":"f","description":1}' }, "tools", /description of f/],
    [{ tools: '{"type":"web_search"}' }, "tools", /not a function/],
  ])("%j is refused beside its field", (settings, field, words) => {
    const { errors, parameters } = read(settings);
    expect(errors[field]).toMatch(words);
    expect(Object.keys(errors)).toEqual([field]);
    expect(parameters).toEqual({});
  });

  test("a schema may come with its name, and tools with their wrapping", () => {
    const schema = '{"name":"city","schema":{"type":"object"}}';
    const tools = '[{"type":"function","function":{"name":"f"}}]';
    expect(read({ format: "json_schema", schema, tools })).toEqual({
      errors: {},
      parameters: {
        response_format: { type: "json_schema", json_schema: JSON.parse(schema) },
        tools: JSON.parse(tools),
      },
    });
  });

  test("a schema that is not asked for is not read", () => {
    expect(read({ format: "text", schema: "{" })).toEqual({ errors: {}, parameters: {} });
  });
});
