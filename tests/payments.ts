import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import Stripe from "stripe";
import { expect } from "vitest";
import { POST } from "@/app/api/stripe/webhook/route";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { findPayment, findPaymentDrift } from "@/db/queries/payments";
import { confirmCheckout, startCheckout } from "@/lib/billing/checkout";
import { stripe } from "@/lib/billing/stripe";
import { startStripeStandIn } from "../scripts/stand-ins/stripe/start.mjs";
import { APP_SECRET, freshDatabase } from "./database";

type Settings = Record<string, string>;

/**
 * Buying credits, as it runs: the webhook's route over a socket, the official client, and a server that speaks Stripe's
 * API, where it is `now`. One per test file. `stop` proves the books first.
 */
export async function startPayments(settings: Settings = {}, now: () => number = Date.now) {
  const databaseUrl = await freshDatabase();
  const standIn = await startStripeStandIn({ retryDelaysMs: [50, 200, 500], now });
  const route = await serveRoute();
  standIn.setWebhook({ url: route.url, secret: standIn.webhookSecret });
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    APP_SECRET,
    LOG_LEVEL: "silent",
    STRIPE_SECRET_KEY: standIn.apiKey,
    STRIPE_WEBHOOK_SECRET: standIn.webhookSecret,
    STRIPE_API_URL: standIn.url,
    ...settings,
  });
  return {
    stripe: standIn,
    webhookUrl: route.url,
    async stop() {
      await standIn.webhooksSettled();
      await standIn.stop();
      route.close();
      await expectBooksToAddUp();
      await closeDatabase();
    },
  };
}

export type Payments = Awaited<ReturnType<typeof startPayments>>;

export async function expectBooksToAddUp() {
  expect(Object.values(await findDrift(db())).flat()).toEqual([]);
  expect(Object.values(await findPaymentDrift(db())).flat()).toEqual([]);
}

async function serveRoute() {
  const server = createServer(async (incoming, outgoing) => {
    const request = new Request(`http://127.0.0.1${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers as Record<string, string>,
      body: Readable.toWeb(incoming) as ReadableStream,
      duplex: "half",
    } as RequestInit);
    const response = await POST(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
  });
  // On a busy machine a connection that was idle for Node's own five seconds is closed under the next request.
  server.keepAliveTimeout = 120_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/stripe/webhook`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Someone who can buy credits. Balances are in US cents. */
export async function newBuyer() {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { id: userId, accountId } = user;
  return {
    userId,
    accountId,
    cents: async () => Number((await findAccount(db(), accountId))?.postedNano) / 1e7,
    frozen: async () => (await findAccount(db(), accountId))?.frozen,
    async checkout(amountMinor: number, more: { saveCard?: boolean } = {}) {
      const { url, paymentId } = await startCheckout({
        accountId,
        userId,
        amountMinor,
        origin: "http://app.test",
        ...more,
      });
      const payment = await findPayment(db(), paymentId);
      return { url, paymentId, session: payment?.checkoutSessionId ?? "" };
    },
    confirm: (session: string) => confirmCheckout(accountId, session),
  };
}

export const paymentOf = (id: string) => findPayment(db(), id);

/** Events as the ledger knows them: every row of an account, oldest first. */
export const ledgerOf = async (accountId: string) =>
  (
    await moneyStatement<{ kind: string; cents: string }[]>(
      (sql) => sql`
        select kind, trim_scale(amount_nano / 1e7) as cents from ledger where account_id = ${accountId} order by id`,
    )
  ).map(({ kind, cents }) => `${kind} ${cents}`);

/** An event as Stripe would make it of this object. */
export const eventOf = (type: string, object: object, more: Partial<Stripe.Event> = {}) => ({
  id: `evt_${randomUUID().replaceAll("-", "")}`,
  object: "event",
  api_version: Stripe.API_VERSION,
  created: Math.floor(Date.now() / 1000),
  data: { object },
  livemode: false,
  pending_webhooks: 1,
  request: null,
  type,
  ...more,
});

type Signing = { secret: string; timestamp?: number; header?: string | null };

/** Posts it to the route, signed as told. Returns the status. */
export async function post(
  url: string,
  event: object | string,
  { secret, timestamp, header }: Signing,
): Promise<number> {
  const payload = typeof event === "string" ? event : JSON.stringify(event);
  const signature =
    header === undefined
      ? Stripe.webhooks.generateTestHeaderString({ payload, secret, ...(timestamp !== undefined && { timestamp }) })
      : header;
  const response = await fetch(url, {
    method: "POST",
    body: payload,
    headers: { "content-type": "application/json", ...(signature !== null && { "stripe-signature": signature }) },
  });
  await response.arrayBuffer();
  return response.status;
}

/** The events that the stand-in made of these objects, oldest first. */
export async function eventsAbout(ids: string[]): Promise<Stripe.Event[]> {
  const found: Stripe.Event[] = [];
  for await (const event of stripe().events.list({ limit: 100 })) {
    const object = event.data.object as { id?: string; payment_intent?: unknown };
    if ([object.id, object.payment_intent].some((id) => ids.includes(String(id)))) found.unshift(event);
  }
  return found;
}
