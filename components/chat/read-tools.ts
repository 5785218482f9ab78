import { isObject, parseJson } from "./read-json";

const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const MOST = 128;

/**
 * Reads tools as typed: a list, or one alone; each as the API has it or without its wrapping.
 * @throws Error that says which tool is wrong and how
 */
export function readTools(text: string): { type: "function"; function: Record<string, unknown> }[] {
  const given = parseJson(text);
  const list = Array.isArray(given) ? given : [given];
  if (list.length > MOST) throw new Error(`At most ${MOST} tools.`);
  const tools = list.map((tool, index) => toTool(tool, list.length > 1 ? `Tool ${index + 1}` : "The tool"));
  const names = tools.map(({ function: { name } }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`Two tools have the name ${twice}.`);
  return tools;
}

function toTool(tool: unknown, which: string) {
  const definition = isObject(tool) && isObject(tool.function) ? tool.function : tool;
  if (!isObject(definition)) throw new Error(`${which} is not an object.`);
  if (isObject(tool) && tool.type !== undefined && tool.type !== "function")
    throw new Error(`${which} is not a function: only functions are served.`);
  if (typeof definition.name !== "string" || !NAME.test(definition.name))
    throw new Error(`${which} needs a name of letters, digits, _ or -, at most 64.`);
  if (definition.description !== undefined && typeof definition.description !== "string")
    throw new Error(`The description of ${definition.name} is not a text.`);
  if (definition.parameters !== undefined && !isObject(definition.parameters))
    throw new Error(`The parameters of ${definition.name} are not a JSON schema.`);
  return { type: "function" as const, function: definition };
}
