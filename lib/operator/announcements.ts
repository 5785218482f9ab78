import type { Operator } from "@/db/operator";
import {
  type Announcement,
  endAnnouncement,
  insertAnnouncement,
  type NewAnnouncement,
} from "@/db/queries/announcements";
import { AppError } from "@/lib/errors";

const LONGEST = 500;

/** Tells everybody who is signed in, from a moment (null: now) until another (null: until it is withdrawn). @throws AppError `invalid_request` */
export async function announce(operator: Operator, said: NewAnnouncement): Promise<Announcement> {
  const text = said.text.trim();
  if (text === "" || text.length > LONGEST) throw field("text", `From one to ${LONGEST} characters.`);
  if (said.shownUntil && said.shownUntil.getTime() <= (said.shownFrom?.getTime() ?? Date.now()))
    throw field("until", "It ends before it begins.");
  return operator.decide(async (tx) => {
    const value = await insertAnnouncement(tx, { ...said, text });
    const { severity, shownFrom, shownUntil } = value;
    const after = { text, severity, shownFrom, shownUntil };
    return { value, note: { action: "announcement.create", target: { kind: "announcement", id: value.id }, after } };
  });
}

/** @throws AppError `not_found` when it is over already */
export const withdraw = (operator: Operator, id: string): Promise<Announcement> =>
  operator.decide(async (tx) => {
    const value = await endAnnouncement(tx, id);
    if (!value) throw new AppError("not_found", "There is no such announcement any more.");
    return { value, note: { action: "announcement.withdraw", target: { kind: "announcement", id } } };
  });

const field = (name: string, sentence: string) =>
  new AppError("invalid_request", `${name}: ${sentence}`, { metadata: { fields: { [name]: sentence } } });
