import { afterAll, beforeAll, expect, test } from "vitest";
import type { App } from "../app";
import { startApp } from "../app";
import { freshDatabase } from "../database";
import type { ScriptedUpstream } from "../scripted-upstream";
import { complete, eventually, startScriptedApp, startScriptedUpstream } from "./scripted-app";

let apps: App[];
let upstream: ScriptedUpstream;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  const databaseUrl = await freshDatabase();
  const first = await startScriptedApp(databaseUrl, ["counts-too-much"], upstream.baseUrl);
  // A prompt costs nothing and 200 tokens cost $0.10, which is what each request is held for and charged.
  await first.sql`
    insert into endpoint_prices (endpoint_id, prompt_pico, completion_pico, valid_from)
    select id, 0, 500000000, now() + interval '1 millisecond' from endpoints where model_slug = 'test/counts-too-much'`;
  apps = [first, await startApp({ databaseUrl }), await startApp({ databaseUrl })];
});

afterAll(async () => {
  await Promise.all(apps.map((app) => app.stop()));
  await upstream.stop();
});

test.each([10, 100, 1_000])(
  "%i requests of ten cents at once through three processes on five dollars: fifty at most, and not a nano-dollar beyond",
  async (count) => {
    const [first] = apps as [App, ...App[]];
    const customer = await first.customer("5");
    const ask = (index: number) => complete((apps[index % 3] as App).url, customer.key, "test/counts-too-much");
    const answers = await Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
    const served = answers.filter(({ status }) => status === 200).length;
    const [account] = await eventually(
      () => first.sql`select posted_nano::text, held_nano::text from accounts where id = ${customer.accountId}`,
      ([row]) => row?.held_nano === "0",
    );
    console.log(`${count} at once through three processes: ${served} served, ${account?.posted_nano} nano-USD left`);
    expect(served).toBe(Math.min(count, 50));
    expect(account).toEqual({ posted_nano: String(5_000_000_000n - 100_000_000n * BigInt(served)), held_nano: "0" });
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(count > 50 ? [200, 402] : [200]));
    expect([...(await first.sql`select * from account_drift`)]).toEqual([]);
  },
);
