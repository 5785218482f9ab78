import { createHash, randomBytes } from "node:crypto";
import type { Browser, BrowserContext } from "playwright-core";
import { startStandIns } from "../../scripts/stand-ins/start.mjs";
import { type App, type Customer, startApp } from "../app";
import { launchChromium } from "./chromium";

export type Served = {
  app: App;
  browser: Browser;
  customer: Customer;
  /** A window; `signedIn` as the customer. */
  open: (options: Look & { signedIn?: boolean }) => Promise<BrowserContext>;
  stop: () => Promise<void>;
};

export type Look = { theme?: "light" | "dark"; width?: number };

/** The built server with all three providers stood in for, a browser, and a customer with credits and a session. */
export async function servePages(env: Record<string, string> = {}): Promise<Served> {
  const [standIns, browser] = await Promise.all([startStandIns({ chunkDelayMs: 2 }), launchChromium()]);
  const app = await startApp({
    env: {
      OPENAI_API_KEY: "stand-in",
      OPENAI_BASE_URL: standIns.openai,
      ANTHROPIC_API_KEY: "stand-in",
      ANTHROPIC_BASE_URL: standIns.anthropic,
      GOOGLE_API_KEY: "stand-in",
      GOOGLE_GEMINI_BASE_URL: standIns.google,
      ...env,
    },
  });
  const customer = await app.customer("25");
  const token = await insertSession(app, customer);
  return {
    app,
    browser,
    customer,
    async open({ theme = "light", width = 1280, signedIn = false }) {
      const context = await browser.newContext({
        colorScheme: theme,
        viewport: { width, height: 900 },
        reducedMotion: "reduce",
      });
      if (signedIn) await context.addCookies([{ name: "session", value: token, url: app.url }]);
      return context;
    },
    async stop() {
      await browser.close();
      await app.stop();
      await standIns.stop();
    },
  };
}

/** What signing in would have written. */
async function insertSession({ sql }: App, { email }: Customer): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  await sql`
    insert into sessions (token_hash, user_id, expires_at)
    select ${hash}, id, now() + interval '1 day' from users where email = ${email}`;
  return token;
}
