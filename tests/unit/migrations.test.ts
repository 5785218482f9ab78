import { spawnSync } from "node:child_process";
import postgres from "postgres";
import { expect, inject, test } from "vitest";
import { checkSchema, migrateDatabase } from "@/db/migrate";
import { createDatabase } from "../../scripts/embedded-postgres.mjs";

const empty = (name: string) => createDatabase(inject("templateUrl"), `${name}_${Date.now()}`);

async function inside<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

test("five that start together migrate and seed once, and all find the schema ready", async () => {
  const url = await empty("together");
  await Promise.all(Array.from({ length: 5 }, () => migrateDatabase(url)));
  await checkSchema(url);
  const [counts] = await inside(
    url,
    (sql) => sql`
    select (select count(*) from drizzle.__drizzle_migrations)::int as migrations,
           (select count(*) from models)::int as models, (select count(*) from endpoints)::int as endpoints`,
  );
  expect(counts?.migrations).toBeGreaterThanOrEqual(2);
  expect(counts?.models).toBeGreaterThan(50);
  await migrateDatabase(url);
  const [again] = await inside(url, (sql) => sql`select count(*)::int as endpoints from endpoints`);
  expect(again?.endpoints).toBe(counts?.endpoints);
});

test("what the operator made of the catalogue stays when it is laid in again", async () => {
  const url = await empty("kept");
  await migrateDatabase(url);
  const maxOutput = await inside(url, async (sql) => {
    await sql`update endpoints set max_output = 1 where model_slug = 'openai/gpt-4o-mini'`;
    await sql`update catalogue_state set edition = 'an earlier one'`;
    await migrateDatabase(url);
    const [row] =
      await sql`select max_output from endpoints where model_slug = 'openai/gpt-4o-mini' and provider_slug = 'openai'`;
    return row?.max_output;
  });
  expect(maxOutput).toBe(1);
});

test("what nobody knew of a provider or a model is filled in when the catalogue is laid in again; what somebody said stays", async () => {
  const url = await empty("known");
  await migrateDatabase(url);
  const known = await inside(url, async (sql) => {
    await sql`update providers set trains_on_prompts = null, retains_prompts = false where slug = 'openai'`;
    await sql`update providers set retains_prompts = null, base_url = 'http://elsewhere.test' where slug = 'deepseek'`;
    await sql`update models set distillable = null where slug = 'openai/gpt-oss-20b'`;
    await sql`update catalogue_state set edition = 'an earlier one'`;
    await migrateDatabase(url);
    return sql`select slug, trains_on_prompts, retains_prompts from providers where slug in ('openai', 'deepseek')
                union all select slug, distillable, null from models where slug = 'openai/gpt-oss-20b' order by slug`;
  });
  expect(known.map((row) => Object.values(row))).toEqual([
    ["deepseek", true, null],
    ["openai", false, false],
    ["openai/gpt-oss-20b", true, null],
  ]);
});

test("a server that ran past the months made for it starts again, and its log is in the months it belongs to", async () => {
  const url = await empty("late");
  await migrateDatabase(url);
  const rows = await inside(url, async (sql) => {
    await sql`with account as (insert into accounts default values returning id),
                   key as (insert into api_keys (account_id, name, hash, label) select id, 'a', 'a', 'a' from account returning id, account_id)
              insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, outcome)
              select 'late-' || months, now() + make_interval(months => months), account_id, id, '', '', 'completed'
                from key, generate_series(0, 6) months`;
    // As if those months had come: the newest is among the three that are made ahead.
    await sql`select generations_make_partitions(6)`;
    await migrateDatabase(url);
    await sql`insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, outcome)
              select 'again', created_at, account_id, key_id, '', '', 'completed' from generations where id = 'late-6'`;
    return sql<{ id: string; table: string; month: string }[]>`
      select id, tableoid::regclass::text as table, 'generations_' || to_char(created_at at time zone 'utc', 'YYYY_MM') as month
        from generations`;
  });
  expect(rows).toHaveLength(8);
  expect(rows.filter(({ table, month }) => table !== month)).toEqual([]);
});

test("an empty schema, a half-applied one and another version's are refused, each with a sentence", async () => {
  const url = await empty("half");
  await expect(checkSchema(url)).rejects.toThrow(/lacks \d+ migration/);
  await migrateDatabase(url);
  await inside(
    url,
    (sql) =>
      sql`delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)`,
  );
  await expect(checkSchema(url)).rejects.toThrow(/lacks 1 migration/);
  await inside(url, (sql) => sql`update drizzle.__drizzle_migrations set hash = 'edited'`);
  await expect(checkSchema(url)).rejects.toThrow(/another version/);
  await expect(migrateDatabase(url)).rejects.toThrow(/another version/);
});

test("a catalogue price is exact from the shipped file to the column", async () => {
  const url = inject("templateUrl");
  const [row] = await inside(
    url,
    (sql) => sql`
    select prompt_pico, completion_pico, cache_read_pico from endpoint_prices join endpoints on endpoints.id = endpoint_id where model_slug = 'openai/gpt-4o-mini' and provider_slug = 'openai'`,
  );
  expect(row).toEqual({ prompt_pico: "150000", completion_pico: "600000", cache_read_pico: "75000" });
});

test("the command line with an unusable setting says which, and ends with 1", () => {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    DATABASE_URL: "postgres://u@127.0.0.1:1/x",
    APP_SECRET: "short",
  };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["node_modules/tsx/dist/cli.mjs", "scripts/admin/main.ts", "user", "list", "--json"],
    { env: env as NodeJS.ProcessEnv, encoding: "utf8" },
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain("APP_SECRET");
  expect(stderr).not.toContain("short");
});
