import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { insertUser } from "@/db/queries/accounts";
import { findLiveApiKey } from "@/db/queries/api-keys";
import { upsertProvider } from "@/db/queries/catalogue";
import { seal } from "@/lib/seal";
import { useFreshDatabase } from "@/tests/database";
import { addByokKey, openByokKey } from "./byok";
import { mintKey } from "./manage";
import { resealSecrets } from "./reseal";

const OLD = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9b0";
const NEW = "0f9e8d7c6b5a4f3e2d1c0b9a8f7e6d5c4b3a2f1e";

/** The settings that the modules see from here on: a process is started with others. */
const settings = vi.hoisted(() => ({ SEALING_KEYS: undefined as undefined | { id: string; secret: string }[] }));
vi.mock("@/lib/env", async (original) => {
  const { env } = await original<typeof import("@/lib/env")>();
  return { env: () => ({ ...env(), ...settings }) };
});

beforeAll(() => useFreshDatabase());
afterAll(closeDatabase);

test("after sealing anew, the old key may go: every stored secret opens with the new one alone", async () => {
  settings.SEALING_KEYS = [{ id: "old", secret: OLD }];
  const user = await insertUser({ email: "reseal@test", passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await upsertProvider(db(), {
    slug: "alpha",
    name: "A",
    kind: "openai",
    sealedApiKey: seal("theirs", "providers.alpha"),
  });
  await addByokKey({ accountId, provider: "alpha", key: "mine-0000000001" });
  await db().execute(
    `insert into authenticators (user_id, sealed_secret) values ('${user.id}', '${seal("totp", `authenticators.sealed_secret.${user.id}`)}')`,
  );
  const { row } = await mintKey({ accountId, name: "test" });
  const stored = async () => {
    const [key] = (await findLiveApiKey(row.hash))?.byok ?? [];
    return key && openByokKey(accountId, key);
  };
  expect(await stored()).toBe("mine-0000000001");

  settings.SEALING_KEYS = [
    { id: "new", secret: NEW },
    { id: "old", secret: OLD },
  ];
  expect(await stored()).toBe("mine-0000000001");
  expect(await resealSecrets()).toEqual({ resealed: 3, alreadyNewest: 0, unopened: [] });
  expect(await resealSecrets()).toEqual({ resealed: 0, alreadyNewest: 3, unopened: [] });

  settings.SEALING_KEYS = [{ id: "new", secret: NEW }];
  expect(await stored()).toBe("mine-0000000001");
  expect(await resealSecrets()).toEqual({ resealed: 0, alreadyNewest: 3, unopened: [] });

  settings.SEALING_KEYS = [{ id: "newer", secret: OLD }];
  const { resealed, unopened } = await resealSecrets();
  expect([resealed, unopened.length]).toEqual([0, 3]);
});
