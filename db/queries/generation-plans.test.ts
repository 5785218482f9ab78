import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase } from "@/tests/database";

let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(await freshDatabase(), { max: 1, onnotice: () => {} });
  await sql`
    insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, outcome)
    select 'gen-' || n, now() - n * interval '1 second', ${randomUUID()}::uuid, ${randomUUID()}::uuid, '', 'a/b', 'completed'
      from generate_series(1, 20000) n`;
  await sql`analyze generations`;
});
afterAll(() => sql.end());

test.each(["account_id", "key_id"])(
  "the newest of one %s are read from the end of an index, and nothing is sorted",
  async (column) => {
    const [row] = await sql.unsafe(`select ${column} as id from generations limit 1`);
    const plan = await sql.unsafe(
      `explain select * from generations where ${column} = '${row?.id}' order by created_at desc limit 50`,
    );
    const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
    expect(text).toContain("Index Scan Backward");
    expect(text).not.toMatch(/-> +Sort/);
  },
);
