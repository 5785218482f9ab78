import { sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";

export type NewKept = {
  id: string;
  accountId: string;
  keyId: string;
  lookup: string | null;
  asked: string | null;
  generationId: string | null;
  seconds: number;
};

/** `isFree`: it may be asked for anew, since its time is over or it came to nothing. */
export type FoundKept = { id: string; asked: string | null; isFree: boolean };

/**
 * Begins to keep an answer, or finds the one that is kept under the same name: of many at once, one begins. Undefined
 * when somebody else began at this very moment, and nothing of it can be seen yet.
 */
export async function beginKept(kept: NewKept): Promise<FoundKept | "mine" | undefined> {
  const { id, accountId, keyId, lookup, asked, generationId, seconds } = kept;
  const [row] = await moneyStatement<(FoundKept & { mine: boolean })[]>(
    (statement) => statement`
      with begun as (
        insert into kept_answers (id, account_id, key_id, lookup, asked, generation_id, expires_at)
          values (${id}, ${accountId}, ${keyId}, ${lookup}, ${asked}, ${generationId}, now() + ${seconds}::int * interval '1 second')
          on conflict (lookup) do nothing returning id
      )
      select id, null as asked, false as "isFree", true as mine from begun
      union all
      select id, asked, failed or expires_at <= now(), false from kept_answers
       where lookup = ${lookup} and not exists (select 1 from begun)`,
  );
  if (!row) return undefined;
  return row.mine ? "mine" : row;
}

/** Forgets one that is free to be asked for anew; whoever did so at the same moment has begun another by now. */
export const dropFreeKept = (id: string) =>
  moneyStatement(
    (statement) => statement`delete from kept_answers where id = ${id} and (failed or expires_at <= now())`,
  );

/** The first piece of one that is whole, by its name, and how many seconds old it is. */
export async function findWholeKept(lookup: string): Promise<{ id: string; sealed: string; age: number } | undefined> {
  const [row] = await moneyStatement<{ id: string; sealed: string; age: number }[]>(
    (statement) => statement`
      select k.id, p.sealed, floor(extract(epoch from now() - k.ended_at))::int as age
        from kept_answers k join kept_pieces p on p.answer_id = k.id and p.seq = 1
       where k.lookup = ${lookup} and k.ended_at is not null and not k.failed and k.expires_at > now()`,
  );
  return row;
}

export const dropKept = (lookup: string) =>
  moneyStatement((statement) => statement`delete from kept_answers where lookup = ${lookup}`);

/** The stream of a generation of this key's, while it is kept. */
export async function findKeptStream(accountId: string, keyId: string, generationId: string) {
  const [row] = await moneyStatement<{ id: string }[]>(
    (statement) => statement`
      select id from kept_answers
       where generation_id = ${generationId} and account_id = ${accountId} and key_id = ${keyId} and expires_at > now()`,
  );
  return row?.id;
}

export type KeptWords = {
  head?: { status: number; headers: Record<string, string> };
  pieces: { seq: number; lastEvent: number; sealed: string }[];
  end?: { failed: boolean; seconds: number };
};

/** Writes what has come of an answer since, and that its process is alive. To repeat it changes nothing. */
export async function writeKept(id: string, { head, pieces, end }: KeptWords): Promise<void> {
  const column = (name: "seq" | "lastEvent" | "sealed") => pieces.map((piece) => piece[name]);
  await moneyStatement(
    (statement) => statement`
      with answer as (
        update kept_answers set beat_at = clock_timestamp(),
               status = coalesce(${head?.status ?? null}::int, status),
               headers = coalesce(${head ? JSON.stringify(head.headers) : null}::text::jsonb, headers),
               ended_at = case when ${end !== undefined} then clock_timestamp() end,
               failed = ${end?.failed ?? false},
               expires_at = coalesce(clock_timestamp() + ${end?.seconds ?? null}::int * interval '1 second', expires_at)
         where id = ${id} and ended_at is null returning id
      )
      insert into kept_pieces (answer_id, seq, last_event, sealed)
        select answer.id, p.* from answer,
               unnest(${column("seq")}::int[], ${column("lastEvent")}::int[], ${column("sealed")}::text[]) p
        on conflict do nothing`,
  );
}

export type KeptPart = {
  status: number | null;
  headers: Record<string, string> | null;
  ended: boolean;
  failed: boolean;
  /** Its process has not been heard of for so long that it must be gone. */
  isCut: boolean;
  pieces: { seq: number; lastEvent: number; sealed: string }[];
};

/** An answer as it stands, with the first of its pieces from there on; undefined when it is not kept any more. */
export async function readKept(
  db: Database,
  id: string,
  from: { seq: number; event: number },
  most: number,
): Promise<KeptPart | undefined> {
  const [row] = await db.execute<KeptPart>(sql`
    select status, headers, ended_at is not null as ended, failed,
           ended_at is null and beat_at < now() - interval '45 seconds' as "isCut",
           (select coalesce(json_agg(json_build_object('seq', p.seq, 'lastEvent', p.last_event, 'sealed', p.sealed) order by p.seq), '[]')
              from (select * from kept_pieces where answer_id = k.id and seq >= ${from.seq} and last_event >= ${from.event}
                     order by seq limit ${most}) p) as pieces
      from kept_answers k where id = ${id}`);
  return row;
}

/** Forgets up to `most` answers whose time is over; returns how many. */
export async function deleteLapsedKept(db: Database, most: number): Promise<number> {
  const rows = await db.execute(sql`
    delete from kept_answers where id in (select id from kept_answers where expires_at <= now() limit ${most}) returning id`);
  return rows.length;
}
