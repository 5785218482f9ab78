import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { seal } from "@/lib/seal";
import { useFreshDatabase } from "@/tests/database";
import { currentCatalogue, forgetCatalogue } from "./catalogue";

beforeAll(async () => {
  await useFreshDatabase();
  await insertModel(db(), { slug: "test/one", companySlug: "test", name: "One", contextLength: 8_000 }, "Test");
});
afterAll(() => closeDatabase());

async function markWith(key: string, baseUrl: string) {
  const sealedApiKey = seal(key, "providers.acme");
  await upsertProvider(db(), { slug: "acme", name: "Acme", kind: "openai", baseUrl, sealedApiKey });
  const names = { modelSlug: "test/one", providerSlug: "acme", upstreamModel: "one" };
  await upsertEndpoint(db(), { ...names, contextLength: 8_000 }, { promptPico: 1n, completionPico: 1n });
  forgetCatalogue();
  return (await currentCatalogue()).models.get("test/one")?.endpoints[0]?.provider.credential?.mark;
}

test("a credential's mark is another with another key or address, the same when it is sealed anew, and shows nothing of the key", async () => {
  const [url, other] = ["http://127.0.0.1:9/v1", "http://127.0.0.1:10/v1"];
  const mark = await markWith("sk-first-key-0001", url);
  expect(mark).toMatch(/^[0-9a-f]{8}$/);
  expect(await markWith("sk-first-key-0001", url)).toBe(mark);
  expect(await markWith("sk-first-key-0002", url)).not.toBe(mark);
  expect(await markWith("sk-first-key-0001", other)).not.toBe(mark);
});
