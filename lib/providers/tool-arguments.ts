import { isObject } from "./upstream-complaint";

/** The arguments of a call as an object. What a model wrote wrongly is kept under one name, so nothing is lost. */
export function readArguments(text: string): Record<string, unknown> {
  if (text.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : { value };
  } catch {
    return { invalid_json: text };
  }
}
