import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { sql } from "drizzle-orm";
import { init, type MailServer } from "smtp-tester";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { updateNotices } from "@/db/queries/notices";
import { updateEmailVerified } from "@/db/queries/users";
import { openHold } from "@/lib/billing/holds";
import { settle, settled } from "@/lib/billing/settle";
import { changeKey, mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { useFreshDatabase } from "@/tests/database";
import { newGenerationId } from "./generation-id";
import { tellNotices } from "./notices";

let mail: MailServer;
let port: number;
const inbox: { to: string; subject: string; text: string }[] = [];

function listen(at: number): void {
  mail = init({ port: at, host: "127.0.0.1" } as unknown as number);
  mail.bind((_to, _id, { receivers, headers, body }) =>
    inbox.push({ to: Object.keys(receivers).join(), subject: String(headers.subject), text: body ?? "" }),
  );
}
const hangUp = () => new Promise<void>((resolve) => mail.stop(resolve));

beforeAll(async () => {
  await useFreshDatabase();
  port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
  listen(port);
  const SMTP_URL = `smtp://127.0.0.1:${port}?ignoreTLS=true`;
  Object.assign(process.env, { APP_URL: "http://app.test", MAIL_FROM: "router@app.test", SMTP_URL });
});
afterAll(async () => {
  await hangUp();
  await closeDatabase();
});

async function owner({ verified = true, limit }: { verified?: boolean; limit?: string } = {}) {
  const email = `${randomUUID()}@app.test`;
  const user = await insertUser({ email, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { id, accountId } = user;
  if (verified) await updateEmailVerified(db(), id, email, true);
  const pay = (amount: string) =>
    creditAccount(accountId, { amount: parseUsd(amount), kind: "adjustment", source: "test", sourceId: randomUUID() });
  await pay("10");
  const { row } = await mintKey({ accountId, name: "Key of a test", ...(limit && { limit: parseUsd(limit) }) });
  const spend = async (amount: string) => {
    const [most, generation] = [parseUsd(amount), newGenerationId()];
    const progress = { requestedModel: "a/b", modelSlug: "a/b" };
    expect(await openHold({ id: generation, accountId, keyId: row.id, most, least: most, progress })).toMatchObject({
      outcome: "ok",
    });
    settle({ ...progress, id: generation, outcome: "completed", costNano: most, upstreamCostNano: most });
    await settled();
  };
  return { email, accountId, key: row, pay, spend };
}

/** Four replicas at the same time; what they told this address since it was last asked. */
async function told(email: string) {
  const before = inbox.length;
  await Promise.all([tellNotices(), tellNotices(), tellNotices(), tellNotices()]);
  return inbox.slice(before).filter(({ to }) => to === email);
}

const wants = (low: string | null, tellsKeyLimits = false) => ({
  lowBalanceNano: low === null ? null : parseUsd(low),
  tellsKeyLimits,
});

test("a balance that falls below is told of once, however many look, and again when it was up there in between", async () => {
  const { email, accountId, spend, pay } = await owner();
  await updateNotices(db(), accountId, wants("5"));
  expect(await told(email)).toEqual([]);
  await spend("6");
  const [first, ...more] = await told(email);
  expect(first?.text).toContain("Your balance is $4, below the $5 that you named.");
  expect(more).toEqual([]);
  await spend("1");
  expect(await told(email)).toEqual([]);
  await pay("10");
  expect(await told(email)).toEqual([]);
  await spend("9");
  expect(await told(email)).toHaveLength(1);
});

test("a key is told of at 80 % and at its limit, once each, and anew when the limit is another one", async () => {
  const { email, accountId, key, spend } = await owner({ limit: "2" });
  await updateNotices(db(), accountId, wants(null, true));
  await spend("1.5");
  expect(await told(email)).toEqual([]);
  await spend("0.1");
  expect(await told(email)).toMatchObject([{ subject: expect.stringContaining("80 %") }]);
  expect(await told(email)).toEqual([]);
  await spend("0.4");
  expect(await told(email)).toMatchObject([{ subject: expect.stringContaining("used up its limit") }]);
  expect(await told(email)).toEqual([]);
  await changeKey(accountId, key.hash, { limit: parseUsd("2.5") });
  const [anew, ...more] = await told(email);
  expect(anew?.text).toContain("$2 of its limit of $2.5");
  expect(more).toEqual([]);
});

test("of a key that passes both at once there is one mail", async () => {
  const { email, accountId, spend } = await owner({ limit: "1" });
  await updateNotices(db(), accountId, wants(null, true));
  await spend("1");
  expect(await told(email)).toMatchObject([{ subject: expect.stringContaining("used up its limit") }]);
  expect(await told(email)).toEqual([]);
});

test("who did not ask, and whose address is not confirmed, is told nothing", async () => {
  const silent = await owner({ limit: "1" });
  await silent.spend("1");
  expect(await told(silent.email)).toEqual([]);
  const unknown = await owner({ verified: false, limit: "1" });
  await updateNotices(db(), unknown.accountId, wants("100", true));
  await unknown.spend("1");
  expect(await told(unknown.email)).toEqual([]);
  await db().execute(sql`update users set email_verified_at = now() where email = ${unknown.email}`);
  expect(await told(unknown.email)).toHaveLength(2);
});

test("what cannot be sent is told when it can be", async () => {
  const { email, accountId, spend } = await owner({ limit: "1" });
  await updateNotices(db(), accountId, wants("9.5", true));
  await spend("1");
  await hangUp();
  expect(await told(email)).toEqual([]);
  listen(port);
  expect(await told(email)).toHaveLength(2);
  expect(await told(email)).toEqual([]);
});
