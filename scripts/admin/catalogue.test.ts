import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { listEndpoints } from "@/db/queries/catalogue";
import { currentCatalogue } from "@/lib/models/catalogue";
import { useFreshDatabase } from "@/tests/database";
import { endpointCommands, modelCommands, providerCommands } from "./catalogue";

const MODEL = "openai/gpt-oss-20b";

beforeAll(async () => void (await useFreshDatabase()));
afterAll(() => closeDatabase());

const idAt = async (slug: string) =>
  (await listEndpoints(db(), MODEL)).find(({ endpoint }) => endpoint.providerSlug === slug)?.endpoint.id ?? "";

test("what is said of a provider, an endpoint or a model is what requests are routed by", async () => {
  await providerCommands.set.call(["--slug", "novita", "--trains", "no", "--retains", "no"]);
  await providerCommands.set.call(["--slug", "groq", "--retains", "yes"]);
  await endpointCommands.set.call(["--id", await idAt("novita"), "--retains", "yes", "--quantization", "fp8"]);
  await modelCommands.set.call(["--slug", MODEL, "--distillable", "unknown"]);
  const model = (await currentCatalogue()).models.get(MODEL);
  const known = model?.endpoints.map(({ provider, trainsOnPrompts, retainsPrompts, quantization, distillable }) => [
    ...[provider.slug, trainsOnPrompts, retainsPrompts],
    ...[quantization, distillable],
  ]);
  expect(known?.sort()).toEqual([
    ["fireworks", false, false, null, null],
    ["groq", false, true, null, null],
    ["novita", false, true, "fp8", null],
    ["together", null, null, null, null],
  ]);
});

test("an endpoint of which nothing more is known is as its provider again", async () => {
  const id = await idAt("novita");
  expect(
    await endpointCommands.set.call(["--id", id, "--retains", "unknown", "--quantization", "unknown"]),
  ).toMatchObject({ retainsPrompts: null, quantization: null });
});

test("an endpoint is waited for as long as is said, phase by phase, and as long as any other again", async () => {
  const id = await idAt("novita");
  const said = ["--connect-timeout-ms", "900", "--headers-timeout-ms", "2000", "--first-token-timeout-ms", "3000"];
  await endpointCommands.set.call(["--id", id, ...said, "--idle-timeout-ms", "4000", "--total-timeout-ms", "5000"]);
  const known = async () => {
    const { models } = await currentCatalogue();
    return models.get(MODEL)?.endpoints.find((endpoint) => endpoint.id === id)?.timeouts;
  };
  await expect.poll(known, { timeout: 6_000 }).toEqual({
    ...{ connect: 900, headers: 2_000, firstToken: 3_000, idle: 4_000, total: 5_000 },
  });
  await endpointCommands.set.call(["--id", id, "--connect-timeout-ms", "usual", "--total-timeout-ms", "usual"]);
  await expect.poll(known, { timeout: 6_000 }).toEqual({ headers: 2_000, firstToken: 3_000, idle: 4_000 });
  await expect(db().execute(`update endpoints set idle_timeout_ms = 0 where id = '${id}'`)).rejects.toThrow();
});

test.each([
  [providerCommands.set, ["--slug", "groq", "--trains", "perhaps"], "--trains must be one of yes, no, unknown"],
  [providerCommands.set, ["--slug", "groq"], "say what to set"],
  [providerCommands.set, ["--slug", "nobody", "--trains", "no"], "There is no provider nobody."],
  [modelCommands.set, ["--slug", "no/such", "--distillable", "no"], "There is no model no/such."],
  [endpointCommands.set, ["--id", "00000000-0000-4000-8000-000000000000", "--trains", "no"], "There is no endpoint"],
  [endpointCommands.set, ["--id", "x", "--idle-timeout-ms", "0"], "--idle-timeout-ms must be from 1 to 3600000"],
  [endpointCommands.set, ["--id", "x", "--quantization", "fp7"], "--quantization must be one of int4"],
])("%#: it is said what is wrong", async (command, args, said) => {
  await expect(command.call(args)).rejects.toThrow(said);
});
