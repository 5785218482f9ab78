import { moneyStatement } from "../client";
import type { generations } from "../schema";

/** Three minutes from the last heartbeat. */
const LIFETIME = "3 minutes";

export type HoldRequest = {
  /** The generation's id. */
  id: string;
  accountId: string;
  keyId: string;
  /** Nano-USD: what the request can cost at most, and the least with which it can do. */
  most: bigint;
  least: bigint;
  /** The same with what the caller's own provider may charge him, where his own key may be used. */
  withByok?: { most: bigint; least: bigint };
  /** The generation's log row as far as it is known. */
  progress: Record<string, unknown>;
  /** Where how much may be asked for is limited beside what it costs. */
  rates?: AskedRates;
};

export type AskedRates = {
  /** What the request is likely to count in the key's tokens a minute. */
  tokens: number;
  /** For a free model: how many requests an account may make; null: as many as come. */
  free?: { minute: number | null; day: number | null; dayPaid: number | null; paidNano: bigint };
};

/** What an account or a key has had enough of for now. */
export type Exceeded = {
  rate: "requests" | "tokens" | "parallel" | "free_minute" | "free_day";
  most: number;
  left: number;
  /** When as much may be asked for again; null: when a request has ended, or never. */
  resetsAt: Date | null;
};

export type OpenAnswer =
  /** `grantedWithByok`: what may count in the key's limit; the same as `granted` where no key of the caller's may be used. */
  | { outcome: "ok" | "duplicate"; granted: bigint; grantedWithByok: bigint }
  | { outcome: "no_key" | "frozen" }
  /** The key's limit is being set: to be asked again. */
  | { outcome: "busy" }
  | ({ outcome: "rate_limit" } & Exceeded)
  /** `room`: nano-USD that could have been granted. */
  | { outcome: "insufficient" | "key_limit" | "budget"; room: bigint; resetsAt: Date | null };

type OpenedRow = {
  hold_id: string;
  outcome: OpenAnswer["outcome"];
  granted_nano: string;
  granted_with_byok_nano: string | null;
  room_nano: string;
  resets_at: Date | null;
  rate?: string;
  rate_most?: string;
  rate_left?: string;
};

/** Opens holds in one statement, each with its own answer, in the order asked; where one names rates, within them. */
export async function openHolds(requests: HoldRequest[]): Promise<OpenAnswer[]> {
  const items = requests.map(({ id, keyId, most, least, withByok, progress, rates }) => ({
    id,
    key_id: keyId,
    most,
    least,
    ...(withByok && { most_with_byok: withByok.most, least_with_byok: withByok.least }),
    progress: toSnakeCase(progress),
    ...(rates && { tokens: rates.tokens, free: rates.free && toSnakeCase(rates.free) }),
  }));
  const rated = requests.some(({ rates }) => rates);
  const rows = await moneyStatement<OpenedRow[]>((statement) =>
    rated
      ? statement`select * from holds_open_within_rates(${toJson(items)}::text::jsonb, ${LIFETIME})`
      : statement`select * from holds_open(${toJson(items)}::text::jsonb, ${LIFETIME})`,
  );
  const byId = new Map(rows.map((row) => [row.hold_id, row]));
  return requests.map(({ id }) => toAnswer(byId.get(id)));
}

function toAnswer(row: OpenedRow | undefined): OpenAnswer {
  switch (row?.outcome) {
    case "ok":
    case "duplicate":
      return {
        outcome: row.outcome,
        granted: BigInt(row.granted_nano),
        grantedWithByok: BigInt(row.granted_with_byok_nano ?? row.granted_nano),
      };
    case "insufficient":
    case "key_limit":
    case "budget":
      return { outcome: row.outcome, room: BigInt(row.room_nano), resetsAt: row.resets_at };
    case "rate_limit":
      return {
        outcome: row.outcome,
        rate: rateNamed(row.rate ?? ""),
        most: Number(row.rate_most),
        left: Number(row.rate_left),
        resetsAt: row.resets_at,
      };
    case "frozen":
    case "busy":
      return { outcome: row.outcome };
    default:
      return { outcome: "no_key" };
  }
}

/** The free models' counters are named `free`, and `free` with their day. */
const rateNamed = (what: string) =>
  (what === "free" ? "free_minute" : what.startsWith("free") ? "free_day" : what) as Exceeded["rate"];

type Generation = typeof generations.$inferInsert;

/** A row of the log as a settlement carries it; who pays, when and how much is the hold's to say. */
export type GenerationRow = Omit<Generation, "accountId" | "keyId" | "createdAt"> & {
  /** Nano-USD that the tokens cost; charged up to the hold. */
  costNano: bigint;
};

/**
 * Settles holds in one statement; settling again changes nothing. One that is answered `busy` was not settled: somebody else is
 * at its hold, or its key's limit is being set.
 */
export async function settleHolds(rows: GenerationRow[]): Promise<{ hold_id: string; outcome: string }[]> {
  const items = rows.map(toSnakeCase);
  return moneyStatement<{ hold_id: string; outcome: string }[]>(
    (statement) => statement`select hold_id, outcome from holds_settle(${toJson(items)}::text::jsonb)`,
  ).then((answers) =>
    rows.map(({ id }) => answers.find(({ hold_id }) => hold_id === id) ?? { hold_id: id, outcome: "missing" }),
  );
}

/** Prolongs open holds and writes their checkpoints. Returns the ids of those that are no longer open. */
export async function beatHolds(
  items: { id: string; checkpoint: bigint; progress: Record<string, unknown> }[],
): Promise<string[]> {
  const body = toJson(items.map((item) => ({ ...item, progress: toSnakeCase(item.progress) })));
  const rows = await moneyStatement<{ id: string }[]>(
    (statement) => statement`select holds_beat as id from holds_beat(${body}::text::jsonb, ${LIFETIME})`,
  );
  return rows.map(({ id }) => id);
}

/** Ends up to `most` holds whose time is over, of one account or of all; returns how many. */
export async function expireHolds(most: number, accountId: string | null = null): Promise<number> {
  const [row] = await moneyStatement<{ ended: number }[]>(
    (statement) => statement`select holds_expire(${most}, ${accountId}) as ended`,
  );
  return row?.ended ?? 0;
}

/** Text that is a JSON value, with amounts as numbers that Postgres reads exactly. */
const toJson = (value: unknown) =>
  JSON.stringify(value, (_key, field) => (typeof field === "bigint" ? field.toString() : storable(field)));

/** Postgres keeps neither NUL nor half a surrogate pair: one in a caller's label must not keep a bill from being written. */
const storable = (field: unknown) =>
  typeof field === "string" ? field.replaceAll("\u0000", "").toWellFormed() : field;

const snakeNames = new Map<string, string>();

function toSnakeName(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snake);
  }
  return snake;
}

function toSnakeCase(row: Record<string, unknown>): Record<string, unknown> {
  const snake: Record<string, unknown> = {};
  for (const name in row) snake[toSnakeName(name)] = row[name];
  return snake;
}
