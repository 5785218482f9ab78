import type { Settings } from "./chat";
import { isObject, parseJson } from "./read-json";
import { readTools } from "./read-tools";

/** Fields of a completion request. */
export type Parameters = Record<string, unknown>;

export type SettingsErrors = Partial<Record<keyof Settings, string>>;

/** What the settings say to the API, or what is wrong with them, field by field. */
export function readSettings(settings: Settings): { parameters: Parameters; errors: SettingsErrors } {
  const errors: SettingsErrors = {};
  const parameters: Parameters = {};
  const read = (field: keyof Settings, name: string, reader: (text: string) => unknown) => {
    const text = settings[field].trim();
    if (!text) return;
    try {
      parameters[name] = reader(text);
    } catch (error) {
      errors[field] = (error as Error).message;
    }
  };
  read("temperature", "temperature", (text) => decimal(text, 0, 2));
  read("topP", "top_p", (text) => decimal(text, 0, 1));
  read("maxTokens", "max_tokens", (text) => whole(text, 1));
  read("seed", "seed", (text) => whole(text, Number.MIN_SAFE_INTEGER));
  read("effort", "reasoning", (effort) => ({ effort }));
  read("tools", "tools", readTools);
  if (settings.format === "json_object") parameters.response_format = { type: "json_object" };
  if (settings.format === "json_schema") {
    if (settings.schema.trim()) read("schema", "response_format", toSchemaFormat);
    else errors.schema = "A JSON schema is needed for this format.";
  }
  return { parameters, errors };
}

function decimal(text: string, least: number, most: number): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number < least || number > most)
    throw new Error(`A number from ${least} to ${most}.`);
  return number;
}

function whole(text: string, least: number): number {
  const number = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(number) || number < least)
    throw new Error(least === 1 ? "A whole number from 1." : "A whole number.");
  return number;
}

/** The schema alone, or OpenAI's `{ name, schema, strict }` around it. */
function toSchemaFormat(text: string) {
  const given = parseJson(text);
  if (!isObject(given)) throw new Error("A JSON schema is an object.");
  const wrapped = typeof given.name === "string" && isObject(given.schema);
  return { type: "json_schema", json_schema: wrapped ? given : { name: "answer", strict: true, schema: given } };
}
