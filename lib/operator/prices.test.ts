import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogue } from "@/db/catalogue";
import { closeDatabase, db } from "@/db/client";
import { Operator } from "@/db/operator";
import { listAudit } from "@/db/queries/audit";
import { listEndpoints } from "@/db/queries/catalogue";
import { listEndpointsWithPrices } from "@/db/queries/endpoint-prices";
import { currentCatalogue } from "@/lib/models/catalogue";
import { useFreshDatabase } from "@/tests/database";
import { changeEndpoint, changeModel } from "./endpoints";
import { importPrices, listPriceDifferences } from "./price-import";
import { addPrice } from "./prices";

const MODEL = "openai/gpt-4o-mini";
const operator = Operator.atTheCommandLine();

beforeAll(async () => void (await useFreshDatabase()));
afterAll(() => closeDatabase());

const endpointId = async () => (await listEndpoints(db(), MODEL))[0]?.endpoint.id ?? expect.fail();
const history = async () => (await listEndpointsWithPrices(operator, MODEL))[0]?.prices ?? [];
const price = { promptPico: 1_000n, completionPico: 2_000n, imageNano: 0n, requestNano: 0n };

test("a new price is a row beside the old ones, and requests are billed by it", async () => {
  const id = await endpointId();
  const before = await history();
  await addPrice(operator, id, price, null);
  const after = await history();
  expect(after.slice(1)).toEqual(before);
  expect(after[0]).toMatchObject(price);
  const billed = async () =>
    (await currentCatalogue()).models.get(MODEL)?.endpoints.find((one) => one.id === id)?.prices;
  await expect.poll(billed, { timeout: 6_000 }).toMatchObject({ id: after[0]?.id, prompt: 1_000n });
  expect((await listAudit(db(), 1))[0]).toMatchObject({
    action: "price.add",
    before: { promptPico: before[0]?.promptPico.toString() },
    after: { model: MODEL, promptPico: "1000" },
  });
});

test("a price that is announced waits for its day; one in the past, or of the same moment, is refused", async () => {
  const id = await endpointId();
  const from = new Date(Date.now() + 86_400_000);
  await addPrice(operator, id, { ...price, promptPico: 9n }, from);
  const endpoint = (await currentCatalogue()).models.get(MODEL)?.endpoints.find((one) => one.id === id);
  expect(endpoint?.prices.prompt).toBe(1_000n);
  await expect(addPrice(operator, id, price, from)).rejects.toMatchObject({ type: "conflict" });
  expect(() => addPrice(operator, id, price, new Date(Date.now() - 120_000))).toThrow("in the past");
  await expect(addPrice(operator, crypto.randomUUID(), price, null)).rejects.toMatchObject({ type: "not_found" });
});

test("tiers go on with a new price unless it says otherwise", async () => {
  const tiered = (await listEndpoints(db(), "google/gemini-2.5-pro")).find((one) => one.price.tiers.length > 0);
  const id = tiered?.endpoint.id ?? expect.fail();
  expect((await addPrice(operator, id, price, null)).tiers).toEqual(tiered?.price.tiers);
  expect((await addPrice(operator, id, { ...price, tiers: [] }, null)).tiers).toEqual([]);
});

test("the import shows what differs from the shipped catalogue, and adds the approved lines alone, as they were seen", async () => {
  const id = await endpointId();
  const found = await listPriceDifferences(operator);
  const own = found.filter((one) => one.endpointId === id);
  const shipped = catalogue.models
    .find(({ slug }) => slug === MODEL)
    ?.endpoints.find((one) => one.provider === "openai");
  expect(own).toMatchObject([{ from: null, before: { promptPico: 1_000n }, model: MODEL, provider: "openai" }]);
  expect(own[0]?.after.promptPico).toBe(BigInt(shipped?.prices.promptPico ?? -1));
  const others = found.filter((one) => one.endpointId !== id);
  expect(others.length).toBeGreaterThan(0);

  const changed = structuredClone(catalogue);
  const endpoint = changed.models
    .find(({ slug }) => slug === MODEL)
    ?.endpoints.find((one) => one.provider === "openai");
  if (endpoint) endpoint.prices.promptPico = "777";
  await expect(importPrices(operator, [own[0]?.line ?? ""], changed)).rejects.toMatchObject({ type: "conflict" });

  await importPrices(operator, [own[0]?.line ?? ""]);
  const left = await listPriceDifferences(operator);
  expect(left.map(({ line }) => line)).toEqual(others.map(({ line }) => line));
  await expect(importPrices(operator, [own[0]?.line ?? ""])).rejects.toMatchObject({ type: "conflict" });
});

test("what the catalogue announces is a line with its day", async () => {
  const announced = structuredClone(catalogue);
  const endpoint = announced.models
    .find(({ slug }) => slug === MODEL)
    ?.endpoints.find((one) => one.provider === "openai");
  if (!endpoint) expect.fail();
  endpoint.priceChanges = [{ from: "2999-01-01", prices: { ...endpoint.prices, promptPico: "5" } }];
  const lines = async () =>
    (await listPriceDifferences(operator, announced)).filter((one) => one.model === MODEL && one.provider === "openai");
  const [line] = await lines();
  expect(line).toMatchObject({ from: new Date("2999-01-01"), after: { promptPico: 5n } });
  await importPrices(operator, [line?.line ?? ""], announced);
  expect(await lines()).toEqual([]);
});

test("endpoints and models are switched off with a note of it", async () => {
  const id = await endpointId();
  await changeEndpoint(operator, id, { enabled: false });
  await changeModel(operator, MODEL, { enabled: false });
  const rows = await listAudit(db(), 2);
  expect(rows.map(({ action, before, after }) => [action, before, after])).toEqual([
    ["model.change", { enabled: true }, { enabled: false }],
    ["endpoint.change", { enabled: true }, { enabled: false, model: MODEL, provider: "openai" }],
  ]);
  await expect(changeModel(operator, "no/such", { enabled: true })).rejects.toMatchObject({ type: "not_found" });
});
