import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { newCustomer } from "../../tests/call-handler";
import { useFreshDatabase } from "../../tests/database";

const TOKEN = "a-token-of-the-settings";

beforeAll(async () => {
  await useFreshDatabase();
  vi.stubEnv("CRON_SECRET", TOKEN);
});
afterAll(async () => {
  const { closeDatabase } = await import("@/db/client");
  await closeDatabase();
});

const ask = async (authorization?: string) => {
  const { cron } = await import("./cron");
  const headers = authorization === undefined ? undefined : { authorization };
  return cron(new Request("http://test/api/cron", { headers }));
};

test.each([undefined, "", "Bearer", "Bearer wrong", TOKEN, `Bearer ${TOKEN}x`])(
  "to whoever brings %j there is no such address",
  async (authorization) => expect((await ask(authorization)).status).toBe(404),
);

test("cron does everything that a process would do by its clock: a hold that nobody settled is ended", async () => {
  const { moneyStatement } = await import("@/db/client");
  const { accountId, key } = await newCustomer("1");
  const { hashApiKey } = await import("@/lib/keys/api-key");
  const [row] = await moneyStatement<{ id: string }[]>(
    (sql) => sql`select id from api_keys where hash = ${hashApiKey(key)}`,
  );
  const { openHolds } = await import("@/db/queries/holds");
  const [opened] = await openHolds([
    {
      id: "gen-1-a",
      accountId,
      keyId: row?.id ?? "",
      most: 5n,
      least: 5n,
      progress: { modelSlug: "a/b", requestedModel: "a/b" },
    },
  ]);
  expect(opened?.outcome).toBe("ok");
  await moneyStatement((sql) => sql`update holds set expires_at = now() - interval '1 second'`);

  const { choreNames } = await import("./chores");
  const answer = await ask(`Bearer ${TOKEN}`);
  expect(answer.status).toBe(200);
  const { milliseconds } = await answer.json();
  expect(Object.keys(milliseconds).sort()).toEqual([...choreNames].sort());
  const [{ held } = { held: "?" }] = await moneyStatement<{ held: string }[]>(
    (sql) => sql`select held_nano::text as held from accounts where id = ${accountId}`,
  );
  expect(held).toBe("0");
});

test("the months that the log needs next are made ahead, by a process that runs longer than those it began with", async () => {
  const { moneyStatement } = await import("@/db/client");
  const months = () =>
    moneyStatement<{ name: string }[]>(
      (sql) =>
        sql`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'generations'::regclass order by 1`,
    ).then((rows) => rows.map(({ name }) => name));
  const before = await months();
  const last = before.filter((name) => name !== "generations_default").at(-1) ?? "";
  await moneyStatement((sql) => sql`drop table ${sql(last)}`);
  expect(await months()).not.toContain(last);
  await ask(`Bearer ${TOKEN}`);
  expect(await months()).toEqual(before);
});

test("what was just done is not due, and what is being done is not begun again", async () => {
  const { choreNames, doChores } = await import("./chores");
  expect(await doChores()).toEqual({});
  const [first, second] = await Promise.all([doChores({ all: true }), doChores({ all: true })]);
  expect(Object.keys(first)).toHaveLength(choreNames.length);
  expect(second).toEqual({});
});

test("where nothing else keeps the process awake, each request has the platform wait for what comes after it", async () => {
  const { onAnswer } = await import("@/lib/http/on-answer");
  const { nextRoute } = await import("@/lib/http/next-route");
  const { jsonReply } = await import("@/lib/http/api-handler");
  let asked = 0;
  onAnswer(() => asked++);
  const route = nextRoute(async () => jsonReply({}));
  await route(new Request("http://test/"));
  await route(new Request("http://test/"));
  expect(asked).toBe(2);
});
