import { z } from "zod";
import { AppError } from "@/lib/errors";

const globs = z.array(z.string().min(1).max(256)).max(1_024).nullish();

/** OpenRouter's plugins: what is done with a request beside asking a model. */
export const plugins = z
  .array(
    z.looseObject({
      id: z.string().min(1).max(64),
      enabled: z.boolean().nullish(),
      allowed_models: globs,
      excluded_models: globs,
      engine: z.string().max(64).nullish(),
      pdf: z.looseObject({ engine: z.string().max(64).nullish() }).nullish(),
    }),
  )
  .max(32)
  .nullish();

/** Of these an answer may be the better, and is none the worse without; a router's settings are for its own model alone. */
const PASSED_OVER = new Set([
  ...["context-compression", "file-parser", "response-healing"],
  ...["auto-router", "auto-beta-router", "pareto-router", "switchyard-router"],
]);

type Plugins = z.infer<typeof plugins>;

/** @throws AppError `invalid_request` for one whose answer would not be what was asked for without it */
export function refuseUnservedPlugins(wanted: unknown): void {
  if (!Array.isArray(wanted)) return;
  const unserved = wanted.find(
    ({ id, enabled } = {}) => typeof id === "string" && enabled !== false && !PASSED_OVER.has(id),
  );
  if (!unserved) return;
  const why = unserved.id === "web" ? NO_WEB : `The plugin ${unserved.id} is not served here.`;
  throw new AppError("invalid_request", why);
}

/** What `plugins: [{"id": "web"}]` and `:online`, which is short for it, are answered. */
export const NO_WEB =
  "Web search is not served here: the plugin web, and :online as its short form, would cost what no hold can bound. Ask without it, or give the model a tool of your own that searches.";

type Compressing = { plugins?: Plugins; transforms?: readonly unknown[] | null };

/**
 * Whether a prompt that is too long may lose its middle: undefined where nobody said. `transforms` is the older word for it.
 *
 * @throws AppError `invalid_request` for an engine that nobody knows
 */
export function mayLoseItsMiddle({ plugins, transforms }: Compressing): boolean | undefined {
  const plugin = plugins?.find(({ id }) => id === "context-compression");
  if (plugin?.enabled !== false && plugin?.engine && plugin.engine !== MIDDLE_OUT)
    throw new AppError("invalid_request", `The engine of context-compression is ${MIDDLE_OUT}, not ${plugin.engine}.`);
  return plugin ? plugin.enabled !== false : transforms?.includes(MIDDLE_OUT);
}

const MIDDLE_OUT = "middle-out";

/**
 * How PDFs are read: their text by this server, or the whole by the model. Undefined where nobody said, false where the
 * plugin is off.
 *
 * @throws AppError `invalid_request` for an engine that is not served here
 */
export function pdfEngine(wanted: Plugins): "pdf-text" | "native" | false | undefined {
  const plugin = wanted?.find(({ id }) => id === "file-parser");
  const engine = plugin?.pdf?.engine;
  if (plugin?.enabled === false) return false;
  if (engine == null || engine === "pdf-text" || engine === "native") return engine ?? undefined;
  throw new AppError(
    "invalid_request",
    `The engine ${engine} of file-parser is not served here: pdf-text reads the text of a PDF, and native has the model read it.`,
  );
}

type Healing = {
  plugins?: Plugins;
  stream?: boolean | null;
  response_format?: { type: string } | null;
};

/** Whether JSON that comes out broken is to be mended: of a stream, it was sent before anyone could know. */
export const wantsHealing = ({ plugins, stream, response_format: format }: Healing): boolean =>
  stream !== true &&
  (format?.type === "json_object" || format?.type === "json_schema") &&
  plugins?.some(({ id, enabled }) => id === "response-healing" && enabled !== false) === true;

/** Which models `openrouter/auto` may choose among. */
export function autoRouterSettings(wanted: Plugins): { allowed?: string[]; excluded?: string[] } {
  const own = wanted?.find(({ id, enabled }) => id === "auto-router" && enabled !== false);
  return { allowed: own?.allowed_models ?? undefined, excluded: own?.excluded_models ?? undefined };
}
