import { z } from "zod";

/** An empty variable, as an .env file leaves it, counts as absent. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const url = z.url({ protocol: /^https?$/ });
const count = (most: number) => z.coerce.number().int().min(1).max(most);

const WEAK_SECRET = /^(.)\1*$|change.?me|example|secret-?key|password/i;

const schema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  DATABASE_URL: z.string({ error: "is missing: give the URL of a Postgres database" }).regex(/^postgres(ql)?:\/\//, {
    error: "must be a URL that begins with postgres://",
  }),
  DATABASE_URL_UNPOOLED: optional(z.string().regex(/^postgres(ql)?:\/\//)),
  DATABASE_POOL_SIZE: optional(count(200)),
  APP_SECRET: z
    .string({ error: "is missing: give at least 32 random characters, such as `openssl rand -hex 32` prints" })
    .min(32, { error: "must have at least 32 characters" })
    .refine((secret) => !WEAK_SECRET.test(secret), { error: "looks like an example: give a random one" }),
  APP_URL: optional(url),
  APP_NAME: optional(z.string().max(60)),
  OPENAI_API_KEY: optional(z.string()),
  OPENAI_BASE_URL: optional(url),
  ANTHROPIC_API_KEY: optional(z.string()),
  ANTHROPIC_BASE_URL: optional(url),
  GOOGLE_API_KEY: optional(z.string()),
  GOOGLE_GEMINI_BASE_URL: optional(url),
  MARKUP_BASIS_POINTS: optional(z.coerce.number().int().min(0).max(100_000)),
  SIGN_UP_CREDIT: optional(z.string().regex(/^\d{1,6}(\.\d{1,9})?$/, { error: "must be US dollars, such as 0.50" })),
  MAX_BODY_BYTES: optional(count(1 << 30)),
  MAX_REQUESTS_IN_FLIGHT: optional(count(100_000)),
  LOG_LEVEL: optional(z.enum(["silent", "error", "warn", "info", "debug"])),
});

export type Env = z.infer<typeof schema>;

let parsed: Env | undefined;

/**
 * The validated settings; nothing else in the project reads `process.env`. A function, because `next build` imports
 * every route and must not need the secrets of the place where it will run.
 */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

/** @throws Error whose message names each bad variable and what it wants. Values are not in it: they are secrets. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")} ${issue.message}`);
  throw new Error(`The settings are not usable:\n${lines.join("\n")}`);
}
