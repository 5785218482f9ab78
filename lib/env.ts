import { z } from "zod";

/** An empty variable, as an .env file leaves it, counts as absent. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), schema.optional());

const url = z.url({ protocol: /^https?$/ });
const count = (most: number) => z.coerce.number().int().min(1).max(most);

/** A number that may be none at all. */
const counted = (usual: number) =>
  z.preprocess(
    (value) => (value === "" ? undefined : value),
    z.coerce.number().int().min(0).max(1_000_000).default(usual),
  );

/** Settings that are of no use without each other. */
const TOGETHER: (keyof z.infer<typeof settings>)[][] = [
  ["SMTP_URL", "MAIL_FROM", "APP_URL"],
  ["GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "APP_URL"],
  ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET", "APP_URL"],
  ["OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "APP_URL"],
];
/** Whole US dollars, up to what Stripe takes in one payment. */
const dollars = count(900_000);

const webhookSecret = z.string().regex(/^whsec_\S+$/, { error: "must begin with whsec_" });

const WEAK_SECRET = /change.?me|example|secret-?key|password/i;
/** Fewer are a word or a pattern: sixteen hexadecimal digits, 32 or more times, show all of them but one or two. */
const LEAST_CHARACTERS = 8;

const isWeak = (secret: string) => WEAK_SECRET.test(secret) || new Set(secret).size < LEAST_CHARACTERS;

const secret = (missing?: string) =>
  z
    .string(missing ? { error: missing } : undefined)
    .min(32, { error: "must have at least 32 characters" })
    .refine((text) => !isWeak(text), { error: "looks like an example: give a random one" });

/** `id:secret,id:secret`, the one that new secrets are sealed with first. */
const sealingKeys = z
  .string()
  .transform((text) =>
    text.split(",").map((entry) => {
      const [id = "", ...secret] = entry.trim().split(":");
      return { id, secret: secret.join(":") };
    }),
  )
  .refine((keys) => keys.every(({ id }) => /^[A-Za-z0-9_-]{1,32}$/.test(id)), {
    error: "must be id:secret,id:secret with ids of letters and digits",
  })
  .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, { error: "names an id twice" })
  .refine((keys) => keys.every(({ secret }) => secret.length >= 32 && !isWeak(secret)), {
    error: "must have at least 32 random characters in each secret",
  });

/** `localhost:11434, 10.0.0.5:8000` */
const privateUpstreams = z
  .string()
  .transform((text) => text.split(",").map((entry) => entry.trim().toLowerCase()))
  .refine((entries) => entries.every((entry) => /^[^\s/@]+:\d{1,5}$/.test(entry)), {
    error: "must be host:port,host:port",
  });

const settings = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  DATABASE_URL: z.string({ error: "is missing: give the URL of a Postgres database" }).regex(/^postgres(ql)?:\/\//, {
    error: "must be a URL that begins with postgres://",
  }),
  DATABASE_URL_UNPOOLED: optional(z.string().regex(/^postgres(ql)?:\/\//)),
  DATABASE_POOL_SIZE: optional(count(200)),
  /** The only secret that has to be given: see lib/derived-secret.ts. */
  APP_SECRET: secret("is missing: give at least 32 random characters, such as `openssl rand -hex 32` prints"),
  /** For NextAuth; derived from APP_SECRET where it is not given. */
  AUTH_SECRET: optional(secret()),
  SEALING_KEYS: optional(sealingKeys),
  /** For whoever calls /api/cron. */
  CRON_SECRET: optional(z.string().min(16, { error: "must have at least 16 characters" })),
  /** For whoever asks /api/metrics. */
  METRICS_TOKEN: optional(z.string().min(16, { error: "must have at least 16 characters" })),
  /** Set by Vercel. */
  VERCEL: optional(z.string()),
  /** Addresses that an operator's page may give a provider though they are not public: host:port, host:port. */
  PRIVATE_UPSTREAMS: optional(privateUpstreams),
  APP_URL: optional(url),
  APP_NAME: optional(z.string().max(60)),
  OPENAI_API_KEY: optional(z.string()),
  OPENAI_BASE_URL: optional(url),
  ANTHROPIC_API_KEY: optional(z.string()),
  ANTHROPIC_BASE_URL: optional(url),
  GOOGLE_API_KEY: optional(z.string()),
  GOOGLE_GEMINI_BASE_URL: optional(url),
  MARKUP_BASIS_POINTS: optional(z.coerce.number().int().min(0).max(100_000)),
  BYOK_FEE_BASIS_POINTS: optional(z.coerce.number().int().min(0).max(10_000)),
  SIGN_UP_CREDIT: optional(z.string().regex(/^\d{1,6}(\.\d{1,9})?$/, { error: "must be US dollars, such as 0.50" })),
  STRIPE_SECRET_KEY: optional(
    z
      .string()
      .regex(/^(sk|rk)_(live|test)_\S+$/, { error: "must begin with sk_live_, sk_test_, rk_live_ or rk_test_" }),
  ),
  STRIPE_WEBHOOK_SECRET: optional(webhookSecret),
  STRIPE_WEBHOOK_SECRET_PREVIOUS: optional(webhookSecret),
  STRIPE_API_URL: optional(url),
  STRIPE_AUTOMATIC_TAX: optional(z.enum(["on", "off"])),
  TOP_UP_LEAST: optional(dollars),
  TOP_UP_MOST: optional(dollars),
  TOP_UP_FEE_BASIS_POINTS: optional(z.coerce.number().int().min(0).max(10_000)),
  RETRY_BUDGET_PERCENT: optional(z.coerce.number().int().min(0).max(100)),
  CONNECT_TIMEOUT_SECONDS: optional(count(600)),
  HEADERS_TIMEOUT_SECONDS: optional(count(3_600)),
  FIRST_TOKEN_TIMEOUT_SECONDS: optional(count(3_600)),
  IDLE_TIMEOUT_SECONDS: optional(count(3_600)),
  TOTAL_TIMEOUT_SECONDS: optional(count(3_600)),
  FREE_MODEL_REQUESTS_PER_MINUTE: counted(20),
  FREE_MODEL_REQUESTS_PER_DAY: counted(50),
  FREE_MODEL_REQUESTS_PER_DAY_PAID: counted(1_000),
  FREE_MODEL_CREDITS: counted(10),
  MAX_BODY_BYTES: optional(count(1 << 30)),
  MAX_REQUESTS_IN_FLIGHT: optional(count(100_000)),
  SIGN_UP: optional(z.enum(["open", "closed"])),
  ADMIN_EMAIL: optional(z.string().regex(/^[^\s@]+@[^\s@]+$/, { error: "must be an e-mail address" })),
  TRUSTED_PROXIES: optional(
    z.string().regex(/^[\d.:a-f/,\s]+$/i, { error: "must be addresses or networks, separated by commas" }),
  ),
  SMTP_URL: optional(z.string().regex(/^smtps?:\/\//, { error: "must be a URL that begins with smtp:// or smtps://" })),
  MAIL_FROM: optional(z.string()),
  GOOGLE_CLIENT_ID: optional(z.string()),
  GOOGLE_CLIENT_SECRET: optional(z.string()),
  GITHUB_CLIENT_ID: optional(z.string()),
  GITHUB_CLIENT_SECRET: optional(z.string()),
  GITHUB_URL: optional(url),
  OIDC_ISSUER: optional(url),
  OIDC_CLIENT_ID: optional(z.string()),
  OIDC_CLIENT_SECRET: optional(z.string()),
  OIDC_NAME: optional(z.string().max(40)),
  HOST: optional(z.string()),
  PORT: optional(z.string()),
  PROMPT_LOG_DAYS: optional(count(90)),
  LOG_LEVEL: optional(z.enum(["silent", "error", "warn", "info", "debug"])),
});

const schema = settings.superRefine((given, context) => {
  for (const [first, ...others] of TOGETHER)
    for (const other of others)
      if (first && given[first] && !given[other])
        context.addIssue({ code: "custom", path: [other], message: `is missing: ${first} needs it` });
  const isElsewhere = given.GOOGLE_CLIENT_ID || given.GITHUB_CLIENT_ID || given.OIDC_ISSUER;
  // NextAuth would send people back to localhost, without the cookies they got at 127.0.0.1.
  if (isElsewhere && given.APP_URL && new URL(given.APP_URL).hostname === "127.0.0.1")
    context.addIssue({
      code: "custom",
      path: ["APP_URL"],
      message: "must say localhost for sign-in elsewhere to work",
    });
});

export type Env = z.infer<typeof schema>;

let parsed: Env | undefined;

/**
 * The validated settings; nothing else in the project reads `process.env`. A function, because `next build` imports
 * every route and must not need the secrets of the place where it will run.
 */
export function env(): Env {
  if (!parsed) {
    parsed = parseEnv(process.env);
    // NextAuth reads this one itself; without it, it would believe the Host header.
    if (parsed.APP_URL) process.env.AUTH_URL = new URL(parsed.APP_URL).origin;
  }
  return parsed;
}

/** What platforms call by names of their own, in the order to take them. */
const OTHER_NAMES = {
  DATABASE_URL: ["DATABASE_URL", "POSTGRES_URL"],
  DATABASE_URL_UNPOOLED: ["DATABASE_URL_UNPOOLED", "POSTGRES_URL_NON_POOLING"],
};

/** A function there is ended after 300 seconds: whoever still has an answer coming is told so before. */
const VERCEL_TOTAL_SECONDS = "285";

/** Settings that need not be given, since the platform says the same in its own way. */
export function fromPlatform(source: Record<string, string | undefined>): Record<string, string | undefined> {
  const given = Object.entries(OTHER_NAMES).map(([name, names]) => [
    name,
    names.map((other) => source[other]).find((value) => value),
  ]);
  const { VERCEL, VERCEL_ENV, VERCEL_PROJECT_PRODUCTION_URL: domain } = source;
  if (!VERCEL) return Object.fromEntries(given);
  return {
    ...Object.fromEntries(given),
    APP_URL: source.APP_URL || (VERCEL_ENV === "production" && domain ? `https://${domain}` : undefined),
    TOTAL_TIMEOUT_SECONDS: source.TOTAL_TIMEOUT_SECONDS || VERCEL_TOTAL_SECONDS,
    // It writes X-Forwarded-For itself, over whatever a client sent; no proxy of ours stands between.
    TRUSTED_PROXIES: source.TRUSTED_PROXIES || "127.0.0.1",
  };
}

/** @throws Error whose message names each bad variable and what it wants. Values are not in it: they are secrets. */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const result = schema.safeParse({ ...source, ...fromPlatform(source) });
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join(".")} ${issue.message}`);
  throw new Error(`The settings are not usable:\n${lines.join("\n")}`);
}
