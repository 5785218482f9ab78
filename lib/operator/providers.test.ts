import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { Operator } from "@/db/operator";
import { insertUser } from "@/db/queries/accounts";
import { listAudit } from "@/db/queries/audit";
import { findProviderRow } from "@/db/queries/catalogue";
import { unseal } from "@/lib/seal";
import { useFreshDatabase } from "@/tests/database";
import { addProvider, changeProvider, connectProvider } from "./providers";

const KEY = "sk-upstream-0123456789wxyz";
let operator: Operator;

beforeAll(async () => {
  await useFreshDatabase();
  const user = await insertUser({ email: "grace@example.com", passwordHash: null, role: "operator" });
  operator = Operator.ofSession({ userId: user?.id ?? "", role: "operator" }, null) ?? expect.fail();
});
afterAll(() => closeDatabase());

const mine = { slug: "mine", name: "Mine", kind: "openai", baseUrl: null, apiKey: KEY } as const;

test("a key is stored sealed, and neither an answer nor the audit log has it", async () => {
  const made = await addProvider(operator, mine);
  expect(made).toMatchObject({ hasKey: true, apiKeyLabel: "sk-...wxyz", apiKeySetAt: expect.any(Date) });
  const row = await findProviderRow(db(), "mine");
  expect(unseal(row?.sealedApiKey ?? "", "providers.mine")).toBe(KEY);
  const told = JSON.stringify([made, await listAudit(db(), 10)], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  expect(told).not.toContain(KEY);
  expect(told).not.toContain(row?.sealedApiKey);
  await expect(addProvider(operator, mine)).rejects.toMatchObject({ type: "conflict" });
});

test("an address that is not public is refused, with the key beside it left as it was", async () => {
  const before = await findProviderRow(db(), "mine");
  const inside = connectProvider(operator, "mine", { baseUrl: "https://127.0.0.1/v1", apiKey: "sk-another-key-00000" });
  await expect(inside).rejects.toMatchObject({ metadata: { fields: { baseUrl: expect.any(String) } } });
  expect(await findProviderRow(db(), "mine")).toEqual(before);
  const local = { baseUrl: "http://localhost:11434/v1", apiKey: KEY };
  expect(await connectProvider(Operator.atTheCommandLine(), "mine", local)).toMatchObject({ baseUrl: local.baseUrl });
});

test("each change is written down as it was and as it is", async () => {
  await changeProvider(operator, "mine", { enabled: false, retainsPrompts: true });
  const [row] = await listAudit(db(), 1);
  expect(row).toMatchObject({
    action: "provider.change",
    targetId: "mine",
    before: { enabled: true, retainsPrompts: null },
    after: { enabled: false, retainsPrompts: true },
  });
  await expect(changeProvider(operator, "nobody", { enabled: true })).rejects.toMatchObject({ type: "not_found" });
});
