import fc from "fast-check";
import { expect, test } from "vitest";
import { healedJson } from "./heal-json";

const city = { city: "Berlin", people: 3_700_000 };

/** What models do to JSON, and what is made of it. */
const mended: [string, string, unknown][] = [
  ["a fence", '```json\n{"city": "Berlin", "people": 3700000}\n```', city],
  ["a fence that is never closed", '```json\n{"city": "Berlin", "people": 3700000}', city],
  ["a fence between sentences", 'Here it is:\n\n```\n{"city": "Berlin", "people": 3700000}\n```\nAnything else?', city],
  ["a sentence before", 'Sure! Here is the JSON: {"city": "Berlin", "people": 3700000}', city],
  ["a sentence after", '{"city": "Berlin", "people": 3700000}\n\nI hope that this helps!', city],
  ["sentences around what is broken", 'Here: {"city": "Berlin", "people": 3700000,}\nI hope that this helps!', city],
  ["a comma too many", '{"city": "Berlin", "people": 3700000,}', city],
  ["a comma too few", '{"city": "Berlin" "people": 3700000}', city],
  ["names without quotes", '{city: "Berlin", people: 3700000}', city],
  ["single quotes", "{'city': 'Berlin', 'people': 3700000}", city],
  ["curly quotes", "{“city”: “Berlin”, “people”: 3700000}", city],
  ["comments", '{"city": "Berlin", // the capital\n"people": 3700000 /* about */}', city],
  [
    "Python's words",
    '{"city": "Berlin", "capital": True, "mayor": None}',
    { city: "Berlin", capital: true, mayor: null },
  ],
  ["a bracket that is missing", '{"city": "Berlin", "people": 3700000', city],
  ["brackets that are missing, after some that are not", '{"a": {"b": [1, 2]}, "c": [3', { a: { b: [1, 2] }, c: [3] }],
  ["an answer that was cut off within a text", '{"city": "Berlin", "river": "Spr', { city: "Berlin", river: "Spr" }],
  ["a line break within a text", '{"city": "Ber\nlin", "people": 3700000}', { ...city, city: "Ber\nlin" }],
  ["quotes within a text", '{"city": "the "grey" city", "people": 1}', { city: 'the "grey" city', people: 1 }],
  ["an ellipsis", '{"rivers": ["Spree", "Havel", ...]}', { rivers: ["Spree", "Havel"] }],
  ["a list", "Here: [1, 2, 3,]", [1, 2, 3]],
];

test.each(mended)("%s is mended", (_, broken, value) => {
  expect(JSON.parse(healedJson(broken) as string)).toEqual(value);
});

test.each([
  ["a sentence", "I cannot help with that."],
  ["nothing", ""],
  ["brackets without end", "[".repeat(200_000)],
])("%s is left as it is", (_, text) => {
  expect(healedJson(text)).toBeUndefined();
});

test("what is valid is never touched, however it is written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2, "\t"), (value, indent) => {
      expect(healedJson(JSON.stringify(value, null, indent))).toBeUndefined();
    }),
  );
});

test("whatever comes out is JSON", () => {
  const words = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "'",
    "```",
    "json",
    "\n",
    "a",
    "1",
    "\\",
    "null",
    " ",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 40 }), (pieces) => {
      const text = healedJson(pieces.join(""));
      if (text !== undefined) expect(typeof JSON.parse(text)).toBe("object");
    }),
    { numRuns: 2_000 },
  );
});
