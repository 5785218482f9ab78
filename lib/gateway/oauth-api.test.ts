import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { insertUser } from "@/db/queries/accounts";
import { type AppGrant, type Challenge, issueAppCode } from "@/lib/auth/app-code";
import { readAuthorization } from "@/lib/auth/authorization-request";
import { issueToken } from "@/lib/auth/one-time-token";
import { mintKey } from "@/lib/keys/manage";
import { callHandler } from "@/tests/call-handler";
import { useFreshDatabase } from "@/tests/database";
import { getCurrentKey } from "./keys-api";
import { createCode, exchangeCode } from "./oauth-api";

let grant: AppGrant;
let management: string;

beforeAll(async () => {
  await useFreshDatabase();
  const user = await insertUser({ email: "ada@test", passwordHash: null, role: "user" });
  const accountId = user?.accountId ?? "";
  grant = { accountId, userId: user?.id ?? "", name: "app.test", limitNano: null, reset: "none", expiresAt: null };
  ({ key: management } = await mintKey({ accountId, name: "manager", kind: "management" }));
  void db();
});
afterAll(() => closeDatabase());

const verifier = "v".repeat(43);
const s256: Challenge = { text: createHash("sha256").update(verifier).digest("base64url"), method: "S256" };
const plain: Challenge = { text: verifier, method: "plain" };

const exchange = (body: object) => callHandler(exchangeCode, "", { body });

test("a code and its verifier become a key of the user's, as he wished it", async () => {
  const expiresAt = new Date(Date.now() + 86_400_000);
  const code = await issueAppCode({ ...grant, limitNano: 2_500_000_000n, reset: "weekly", expiresAt }, s256);
  const { status, json } = await exchange({ code, code_verifier: verifier, code_challenge_method: "S256", extra: 1 });
  expect(status).toBe(200);
  expect(json).toEqual({ key: expect.stringMatching(/^sk-or-v1-[0-9a-f]{64}$/), user_id: grant.userId });
  expect((await callHandler(getCurrentKey, json.key)).json.data).toMatchObject({
    limit: 2.5,
    limit_reset: "weekly",
    expires_at: expiresAt.toISOString(),
    is_management_key: false,
  });
});

test("plain, and without a challenge", async () => {
  expect((await exchange({ code: await issueAppCode(grant, plain), code_verifier: verifier })).status).toBe(200);
  expect((await exchange({ code: await issueAppCode(grant, undefined) })).status).toBe(200);
});

test("of ten who bring the same code one gets a key", async () => {
  const code = await issueAppCode(grant, s256);
  const answers = await Promise.all(Array.from({ length: 10 }, () => exchange({ code, code_verifier: verifier })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(403)]);
});

test.each<[string, Challenge | undefined, object, number]>([
  ["another verifier", s256, { code_verifier: "w".repeat(43) }, 403],
  ["the challenge itself for a verifier", s256, { code_verifier: s256.text }, 403],
  ["no verifier", s256, {}, 403],
  ["a verifier where none was announced", undefined, { code_verifier: verifier }, 403],
  ["another method", s256, { code_verifier: s256.text, code_challenge_method: "plain" }, 400],
  ["a method that there is not", s256, { code_verifier: verifier, code_challenge_method: "S512" }, 400],
])("%s gets none", async (_, challenge, proof, expected) => {
  const code = await issueAppCode(grant, challenge);
  const answer = await exchange({ code, ...proof });
  expect(answer.status).toBe(expected);
  expect(answer.text).not.toContain(verifier);
});

test("a wrong proof uses the code up", async () => {
  const code = await issueAppCode(grant, s256);
  await exchange({ code, code_verifier: "w".repeat(43) });
  expect((await exchange({ code, code_verifier: verifier })).status).toBe(403);
});

test("after ten minutes it is worth nothing, nor is a token that was made for something else", async () => {
  const code = await issueAppCode(grant, s256);
  const [row] = await moneyStatement<{ seconds: number }[]>(
    (sql) => sql`
      update auth_tokens set expires_at = now() - interval '1 second' where purpose = 'authorize_app'
      returning extract(epoch from expires_at - created_at)::int as seconds`,
  );
  expect(row).toBeDefined();
  expect((await exchange({ code, code_verifier: verifier })).status).toBe(403);
  const other = await issueToken("magic_link", { email: "ada@test" });
  expect((await exchange({ code: other })).status).toBe(403);
  expect((await exchange({ code: "x" })).status).toBe(403);
  expect((await exchange({})).status).toBe(400);
});

test("a management key makes a code without a page; an inference key, whose limit that would widen, does not", async () => {
  const body = { callback_url: "https://app.test/done", limit: 1, code_challenge: s256.text };
  const { status, json } = await callHandler(createCode, management, { body });
  expect(status).toBe(200);
  expect(json.data).toEqual({
    id: expect.any(String),
    app_id: expect.any(Number),
    created_at: expect.stringMatching(/Z$/),
  });
  const { key, user_id } = (await exchange({ code: json.data.id, code_verifier: verifier })).json;
  expect(user_id).toBeNull();
  expect((await callHandler(getCurrentKey, key)).json.data).toMatchObject({ limit: 1 });
  expect((await callHandler(createCode, key, { body })).status).toBe(403);
  for (const wrong of [
    { callback_url: "http://app.test/" },
    { expires_at: "2020-01-01T00:00:00Z" },
    { limit: -1 },
    { code_challenge: "short" },
    { usage_limit_type: "yearly" },
  ])
    expect((await callHandler(createCode, management, { body: { ...body, ...wrong } })).status).toBe(400);
});

test.each<[Parameters<typeof readAuthorization>[0], string | undefined]>([
  [{ callback: "https://app.test/", challenge: s256.text, method: "S256" }, undefined],
  [{ callback: "https://app.test/" }, undefined],
  [{ challenge: s256.text }, undefined],
  [{ callback: "http://app.test/" }, "neither https"],
  [{ callback: "" }, "neither https"],
  [{}, "no code challenge"],
  [{ callback: "https://app.test/", method: "S256" }, "no code challenge"],
  [{ callback: "https://app.test/", challenge: "short" }, "malformed"],
  [{ callback: "https://app.test/", challenge: s256.text, method: "md5" }, "not known"],
])("asked %j, the page says %s", (asked, refusal) => {
  if (refusal) expect(() => readAuthorization(asked)).toThrow(refusal);
  else expect(readAuthorization(asked)).toBeDefined();
});
