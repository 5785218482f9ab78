import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { Operator } from "@/db/operator";
import { listShownAnnouncements } from "@/db/queries/announcements";
import { searchAudit } from "@/db/queries/audit-search";
import { useFreshDatabase } from "@/tests/database";
import { announce, withdraw } from "./announcements";

const operator = Operator.atTheCommandLine();
beforeAll(async () => void (await useFreshDatabase()));
afterAll(() => closeDatabase());

const HOUR_MS = 3_600_000;
const later = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
const say = (text: string, rest: Partial<Parameters<typeof announce>[1]> = {}) =>
  announce(operator, { text, severity: "info", shownFrom: null, shownUntil: null, ...rest });
const shown = async () => (await listShownAnnouncements(db())).map(({ text }) => text);

test("what is announced is shown in its time, the gravest first, until it is withdrawn", async () => {
  const now = await say("for all");
  await say("grave", { severity: "critical", shownUntil: later(1) });
  await say("over", { shownFrom: later(-2), shownUntil: later(-1) });
  const tomorrow = await say("tomorrow", { shownFrom: later(24) });
  expect(await shown()).toEqual(["grave", "for all"]);
  await withdraw(operator, now.id);
  await withdraw(operator, tomorrow.id);
  expect(await shown()).toEqual(["grave"]);
  await expect(withdraw(operator, now.id)).rejects.toMatchObject({ type: "not_found" });
  const actions = await searchAudit(operator, { filter: { action: "announcement", target: now.id }, most: 10 });
  expect(actions.map(({ action }) => action)).toEqual(["announcement.withdraw", "announcement.create"]);
});

test("one without words, or that ends before it begins, is refused", async () => {
  await expect(say("  ")).rejects.toMatchObject({ metadata: { fields: { text: expect.any(String) } } });
  await expect(say("x".repeat(501))).rejects.toMatchObject({ type: "invalid_request" });
  await expect(say("x", { shownUntil: later(-1) })).rejects.toMatchObject({
    metadata: { fields: { until: expect.any(String) } },
  });
});

test("the audit log is searched by what was done, by whom and to what, and read in both directions", async () => {
  const one = await say("one");
  const two = await say("two");
  const found = await searchAudit(operator, { filter: { action: "announcement.create" }, most: 2 });
  expect(found.map(({ targetId }) => targetId)).toEqual([two.id, one.id]);
  const newer = await searchAudit(operator, { filter: {}, cursor: { newer: found[1]?.id ?? 0n }, most: 1 });
  expect(newer.map(({ targetId }) => targetId)).toEqual([two.id]);
  const older = await searchAudit(operator, { filter: {}, cursor: { older: found[0]?.id ?? 0n }, most: 1 });
  expect(older.map(({ targetId }) => targetId)).toEqual([one.id]);
  expect(await searchAudit(operator, { filter: { who: "nobody" }, most: 1 })).toEqual([]);
  expect(await searchAudit(operator, { filter: { action: "%" }, most: 1 })).toEqual([]);
});
