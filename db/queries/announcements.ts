import { and, asc, desc, eq, gt, isNull, lte, or, sql } from "drizzle-orm";
import type { Database } from "../client";
import type { Operator } from "../operator";
import { announcements } from "../schema";

export type Announcement = typeof announcements.$inferSelect;
export type NewAnnouncement = Pick<Announcement, "text" | "severity" | "shownUntil"> & { shownFrom: Date | null };

const notOver = () => or(isNull(announcements.shownUntil), gt(announcements.shownUntil, sql`now()`));

/** What is to be seen now, the gravest first: for everybody. */
export const listShownAnnouncements = (database: Database): Promise<Announcement[]> =>
  database
    .select()
    .from(announcements)
    .where(and(lte(announcements.shownFrom, sql`now()`), notOver()))
    .orderBy(
      asc(sql`array_position(array['critical', 'warning', 'info'], ${announcements.severity})`),
      desc(announcements.shownFrom),
    )
    .limit(5);

export const listAnnouncements = ({ database }: Operator, most = 100): Promise<Announcement[]> =>
  database.select().from(announcements).orderBy(desc(announcements.createdAt)).limit(most);

export async function insertAnnouncement(tx: Database, { shownFrom, ...said }: NewAnnouncement): Promise<Announcement> {
  const [row] = await tx
    .insert(announcements)
    .values({ ...said, ...(shownFrom && { shownFrom }) })
    .returning();
  if (!row) throw new Error("the new announcement was not returned");
  return row;
}

/** Undefined when it is over already, or there is none of that id. One that has not begun never will. */
export async function endAnnouncement(tx: Database, id: string): Promise<Announcement | undefined> {
  const [row] = await tx
    .update(announcements)
    .set({
      shownFrom: sql`least(${announcements.shownFrom}, now() - interval '1 microsecond')`,
      shownUntil: sql`now()`,
    })
    .where(and(eq(announcements.id, id), notOver()))
    .returning();
  return row;
}
