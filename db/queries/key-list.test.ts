import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { insertUser } from "@/db/queries/accounts";
import { useFreshDatabase } from "../../tests/database";
import { insertApiKey } from "./api-keys";
import { listKeysOfKind, listLastUses } from "./key-list";

beforeAll(useFreshDatabase);
afterAll(closeDatabase);

const page = { offset: 0, most: 10 };

async function account(email: string) {
  const user = await insertUser({ email, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  return user.accountId;
}

const key = (accountId: string, name: string, kind: "inference" | "management" = "inference") =>
  insertApiKey(db(), { accountId, name, kind, hash: `${accountId}-${name}`, label: "sk-or-v1-abc...xyz" });

test("a list holds one account's keys of one kind, without those deleted, and those of a browser", async () => {
  const [mine, other] = [await account("keys-mine@test"), await account("keys-other@test")];
  await key(mine, "first");
  await key(mine, "second");
  await key(mine, "manager", "management");
  const gone = await key(mine, "gone");
  await moneyStatement((statement) => statement`update api_keys set deleted_at = now() where id = ${gone.id}`);
  const browsers = await key(mine, "a browser's");
  await moneyStatement(
    (statement) => statement`update api_keys set session_id = ${randomUUID()} where id = ${browsers.id}`,
  );
  await key(other, "theirs");

  const names = async (kind: "inference" | "management", from = page) =>
    (await listKeysOfKind(db(), mine, kind, from)).map(({ name }) => name);
  expect(await names("inference")).toEqual(["first", "second"]);
  expect(await names("management")).toEqual(["manager"]);
  expect(await names("inference", { offset: 1, most: 1 })).toEqual(["second"]);
});

test("a key was last used when its newest generation began", async () => {
  const mine = await account("keys-used@test");
  const [used, idle] = [await key(mine, "used"), await key(mine, "idle")];
  for (const at of ["2026-01-02T03:04:05.678Z", "2026-01-01T00:00:00Z"])
    await moneyStatement(
      (statement) => statement`
        insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, outcome)
        values (${at}, ${at}, ${mine}, ${used.id}, 'm', 'm', 'completed')`,
    );
  const uses = await listLastUses(db(), [used.id, idle.id]);
  expect([...uses]).toEqual([[used.id, new Date("2026-01-02T03:04:05.678Z")]]);
  expect(await listLastUses(db(), [])).toEqual(new Map());
});
