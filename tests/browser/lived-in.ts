import { createHash, randomBytes, randomUUID } from "node:crypto";
import OpenAI from "openai";
import { TOTP } from "otpauth";
import type { BrowserContext } from "playwright-core";
import { startStripeStandIn } from "../../scripts/stand-ins/stripe/start.mjs";
import { eventually, freePort, startApp } from "../app";
import { signedIn } from "../signed-in";
import { type Look, type Served, servePages } from "./served-pages";

/** Whose session a page is looked at with. `late` is the resident, whose proof of who he is was an hour ago. */
export type Person = "resident" | "late" | "newcomer" | "frozen" | "operator";

/**
 * The built server with payments and mail, and people on it whose account has seen everything that can happen to one.
 * `bare` is a second server on the same database: without payments and mail, closed to newcomers, with sign-in elsewhere.
 */
export type LivedIn = Omit<Served, "open"> & {
  bareUrl: string;
  open: (options: Look & { as?: Person; bare?: boolean }) => Promise<BrowserContext>;
  /** The line of the ledger of that kind, of the resident or of another. */
  line: (kind: string, of?: Person) => string;
  /** Links as they are mailed. */
  link: (to: "verify" | "sign-up" | "reset" | "magic-link" | "setup") => string;
  resident: { email: string; password: string };
  /** The page of a request of the resident's. */
  request: string;
  /** The operator's page of somebody. */
  userPage: (of: "resident" | "frozen") => string;
  /** The checkout that the resident's last purchase went through. */
  session: string;
};

const PASSWORD = "correct horse battery staple";

export async function serveLivedIn(): Promise<LivedIn> {
  const [stripe, port, barePort] = await Promise.all([startStripeStandIn(), freePort(), freePort()]);
  const served = await servePages({
    PORT: String(port),
    APP_URL: `http://127.0.0.1:${port}`,
    // Nothing is sent: the pages only offer it.
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "router@example.com",
    STRIPE_SECRET_KEY: stripe.apiKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_API_URL: stripe.url,
    TOP_UP_FEE_BASIS_POINTS: "550",
  });
  const { app } = served;
  stripe.setWebhook({ url: `${app.url}/api/stripe/webhook`, secret: stripe.webhookSecret });
  const bare = await startApp({
    databaseUrl: app.databaseUrl,
    env: {
      PORT: String(barePort),
      APP_URL: `http://localhost:${barePort}`,
      SIGN_UP: "closed",
      GITHUB_CLIENT_ID: "client",
      GITHUB_CLIENT_SECRET: "secret",
      GOOGLE_CLIENT_ID: "client",
      GOOGLE_CLIENT_SECRET: "secret",
    },
  });

  const act = async (email: string) => {
    const person = await signedIn(app, email);
    const action = async (name: string, input: object) => {
      const answer = await person.action(name, input);
      if (!answer.result?.ok && !answer.redirect) throw new Error(`${name}: ${JSON.stringify(answer)}`);
      return answer.result?.data;
    };
    /** Buys for so many dollars, at the payment page of the stand-in. Returns what Stripe knows the payment by. */
    const buy = async (amount: string, saveCard = false) => {
      const { url } = await action("buyCredits", { amount, saveCard });
      const session = /cs_[A-Za-z0-9_]+/.exec(url)?.[0] ?? "";
      const { payment_intent } = stripe.completeSession({ session });
      await stripe.webhooksSettled();
      return { session, intent: String(payment_intent) };
    };
    return { action, buy, token: () => person.cookies.get("session") ?? "" };
  };

  const email = "ada.lovelace@example.com";
  await app.sql`update users set email = ${email}, name = 'Ada Lovelace' where email = ${served.customer.email}`;
  const resident = await act(email);
  const newKey = async (name: string, more: object = {}): Promise<string> => {
    const settings = { limit: "", reset: "none", expiresAt: null, includeByok: false, allowedModels: [] };
    return (await resident.action("createKey", { kind: "inference", ...settings, name, ...more })).key;
  };
  const ask = async (apiKey: string, model: string, content: string, stream = false, appName?: string) => {
    const defaultHeaders = appName && { "HTTP-Referer": `https://${appName}.example`, "X-OpenRouter-Title": appName };
    const client = new OpenAI({
      baseURL: `${app.url}/api/v1`,
      apiKey,
      maxRetries: 0,
      ...(defaultHeaders && { defaultHeaders }),
    });
    const answer = await client.chat.completions.create({ model, stream, messages: [{ role: "user", content }] });
    if (Symbol.asyncIterator in answer) for await (const _chunk of answer);
  };

  const production = await newKey("Production: support assistant", { limit: "250", reset: "monthly" });
  const spent = await newKey("Nightly summaries", { limit: "1" });
  const unused = { allowedModels: ["openai/gpt-4o-mini"], expiresAt: "2099-12-31T23:59:00.000Z" };
  await newKey("Contractor, one model, until the end of the century", unused);
  await newKey("Old laptop");
  await newKey("Provisioning", { kind: "management" });
  for (let count = 0; count < 6; count++)
    await ask(production, "openai/gpt-4o-mini", `Summarize ticket ${count}.`, count % 2 === 0);
  await ask(
    production,
    "anthropic/claude-sonnet-4.5",
    "Draft an answer to a customer who was charged twice.",
    true,
    "helpdesk",
  );
  await ask(production, "google/gemini-2.5-flash", "Translate: good morning.");
  await ask(spent, "anthropic/claude-haiku-4.5", "Summarize the night.", false, "nightly-summaries");
  const settled = (most: number) =>
    eventually(
      async () => (await app.sql`select count(*)::int as count from generations`)[0]?.count,
      (count) => count >= most,
    );
  await settled(9);
  const hashOf = async (name: string) => (await app.sql`select hash from api_keys where name = ${name}`)[0]?.hash;
  await resident.action("editKey", {
    hash: await hashOf("Nightly summaries"),
    name: "Nightly summaries",
    limit: "0.000001",
    reset: "none",
    expiresAt: null,
    includeByok: false,
    allowedModels: [],
  });
  await resident.action("setKeyDisabled", { hash: await hashOf("Old laptop"), disabled: true });

  const first = await resident.buy("25", true);
  stripe.refundFromDashboard({ payment_intent: first.intent, amount: 500 });
  const failed = stripe.refundFromDashboard({ payment_intent: first.intent, amount: 250 });
  await stripe.webhooksSettled();
  stripe.failRefund({ refund: failed.id });
  const second = await resident.buy("1234.56");
  const dispute = stripe.openDispute({ payment_intent: second.intent });
  await stripe.webhooksSettled();
  stripe.closeDispute({ dispute: dispute.id, outcome: "won" });
  await stripe.webhooksSettled();
  const { code } = await app.admin("code", "create", "--credits", "2.5", "--uses", "1");
  await resident.action("redeem", { code });
  await resident.action("savePreset", {
    slug: "support",
    model: "openai/gpt-4o-mini",
    systemPrompt: "Answer in two sentences, and say when you do not know.",
    settings: '{"temperature": 0.2, "max_tokens": 400}',
  });
  await resident.action("addByok", {
    provider: "openai",
    name: "Team account",
    key: "sk-own-key-of-the-team",
    use: "first",
  });
  await resident.action("addByok", {
    provider: "anthropic",
    name: "",
    key: "sk-ant-own-key-of-the-team",
    use: "fallback",
  });
  await ask(production, "openai/gpt-4o-mini", "Once more, with our own key.");
  await settled(10);
  const [longest] =
    await app.sql`select id from generations where app_title = 'helpdesk' order by created_at desc limit 1`;
  const [row] = await app.sql`select id from users where email = ${email}`;
  const userId: string = row?.id;
  await resident.action("setPassword", { password: PASSWORD });
  const { secret } = await resident.action("beginSecondFactor", {});
  await resident.action("confirmSecondFactor", { code: new TOTP({ secret }).generate() });
  await app.sql`
    insert into sessions (token_hash, user_id, expires_at, created_at, last_seen_at, address, user_agent)
    select md5(random()::text), ${userId}, now() + interval '6 days', now() - interval '2 days', now() - interval '3 hours', '203.0.113.7',
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'`;

  const newcomer = await act((await app.customer("0")).email);
  const icy = await act((await app.customer("10")).email);
  const disputed = await icy.buy("20");
  stripe.openDispute({ payment_intent: disputed.intent });
  await stripe.webhooksSettled();

  const boss = "grace.hopper@example.com";
  await app.admin("user", "create", "--email", boss, "--password", PASSWORD, "--role", "operator");
  const operator = await act(boss);
  const [icyRow] = await app.sql`
    select u.id from users u join account_freezes f on f.account_id = u.account_id where f.reason = 'dispute'`;
  await operator.action("grant", { userId, amount: "5", reason: "An apology for the outage", reference: randomUUID() });

  await app.sql`
    insert into operator_alerts (kind, subject, message, detail)
    values ('provider_credential', 'groq', 'Groq refuses this server''s key, or its account there has no money left.',
      'Groq answered 401: {"error":{"message":"Invalid API Key"}}')`;
  const day = Date.now() + 86_400_000;
  await operator.action("announceAction", {
    ...{ text: "Prices of three models fall on Monday.", severity: "info", from: "" },
    until: new Date(day).toISOString().slice(0, 16).replace("T", " "),
  });
  const [endpoint] = await app.sql`
    select id from endpoints where model_slug = 'openai/gpt-4o-mini' and provider_slug = 'openai'`;
  await operator.action("addPriceAction", {
    ...{ endpointId: endpoint?.id, prompt: "0.2", completion: "0.7", cacheRead: "", cacheWrite: "", reasoning: "" },
    ...{ image: "", request: "", from: new Date(day).toISOString().slice(0, 10), tiers: "keep" },
  });

  const late = await act(email);
  await app.sql`
    update sessions set proved_at = now() - interval '1 hour'
    where token_hash = ${createHash("sha256").update(late.token()).digest("hex")}`;
  // A newcomer has made nothing: not even the key that test customers are given.
  await app.sql`delete from api_keys where account_id = (select account_id from users u join sessions s on s.user_id = u.id
    where s.token_hash = ${createHash("sha256").update(newcomer.token()).digest("hex")})`;
  const tokens: Record<Person, string> = {
    resident: resident.token(),
    late: late.token(),
    newcomer: newcomer.token(),
    frozen: icy.token(),
    operator: operator.token(),
  };
  const lines = new Map<string, string>();
  const rows = await app.sql`
    select distinct on (l.account_id, l.kind) l.id::text as id, l.kind, u.email
    from ledger l join users u on u.account_id = l.account_id order by l.account_id, l.kind, l.id desc`;
  for (const { id, kind, email: whose } of rows)
    lines.set(`${whose === email ? "resident" : "frozen"} ${kind}`, `/credits/ledger/${id}`);
  const links = new Map<string, string>();
  for (const [to, path, purpose, whose] of [
    ["verify", "/verify", "verify_email", userId],
    ["sign-up", "/verify", "verify_email", null],
    ["reset", "/reset", "reset_password", userId],
    ["magic-link", "/magic-link", "magic_link", userId],
    ["setup", "/setup", "operator_setup", null],
  ] as const) {
    const token = randomBytes(32).toString("base64url");
    await app.sql`
      insert into auth_tokens (hash, purpose, user_id, email, expires_at)
      values (${createHash("sha256").update(token).digest("hex")}, ${purpose}, ${whose}, ${whose ? email : "new@example.com"}, now() + interval '1 hour')`;
    links.set(to, `${path}?token=${token}`);
  }
  const must = (found: string | undefined, what: string) => {
    if (found === undefined) throw new Error(`there is no ${what}`);
    return found;
  };
  return {
    ...served,
    bareUrl: `http://localhost:${barePort}`,
    resident: { email, password: PASSWORD },
    request: `/activity/${longest?.id}`,
    session: second.session,
    userPage: (of) => `/operator/users/${of === "resident" ? userId : icyRow?.id}`,
    line: (kind, of = "resident") => must(lines.get(`${of} ${kind}`), `line ${kind} of ${of}`),
    link: (to) => must(links.get(to), `link ${to}`),
    async open({ as, bare: onBare, ...look }) {
      const context = await served.open(look);
      // The walk takes longer than a proof of who one is holds.
      await app.sql`update sessions set proved_at = now() where proved_at > now() - interval '45 minutes'`;
      const url = onBare ? `http://localhost:${barePort}` : app.url;
      if (as) await context.addCookies([{ name: "session", value: tokens[as], url }]);
      return context;
    },
    async stop() {
      await stripe.webhooksSettled();
      await bare.stop();
      await served.stop();
      await stripe.stop();
    },
  };
}
