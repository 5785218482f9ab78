import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts";

const moment = (name: string) => timestamp(name, { withTimezone: true });
const owner = () =>
  uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/**
 * Who is signed in where. The cookie holds a random token and this table its SHA-256, so that a copy of the database
 * opens nothing. A row that is gone is a session that has ended; a trigger on `users` takes all of a user's away when
 * his password or role changes, or he is disabled, whoever does it.
 */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid().primaryKey().defaultRandom(),
    tokenHash: text("token_hash").notNull().unique(),
    userId: owner(),
    createdAt: moment("created_at").notNull().defaultNow(),
    /** When the user last proved who he is: at sign-in, or by confirming it later. */
    provedAt: moment("proved_at").notNull().defaultNow(),
    lastSeenAt: moment("last_seen_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
    userAgent: text("user_agent"),
    address: text(),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** Links and tickets that work once, by their SHA-256. Using one deletes its row. */
export const authTokens = pgTable(
  "auth_tokens",
  {
    hash: text().primaryKey(),
    purpose: text({
      enum: [
        "verify_email",
        "reset_password",
        "magic_link",
        "operator_setup",
        "sign_in",
        "second_factor",
        "link_identity",
        "authorize_app",
        "change_email",
      ],
    }).notNull(),
    /** Null for the operator's setup link, and for a magic link that will make its user. */
    userId: uuid("user_id").references(() => users.id, { onDelete: "cascade" }),
    /** The address that a link was sent to: a link proves that one and no other. */
    email: text(),
    data: jsonb().$type<Record<string, string>>(),
    createdAt: moment("created_at").notNull().defaultNow(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [index("auth_tokens_user").on(table.userId, table.purpose), index("auth_tokens_due").on(table.expiresAt)],
);

/** Accounts elsewhere that a user signs in with. */
export const identities = pgTable(
  "identities",
  {
    /** `google`, `github` or `oidc`. */
    provider: text().notNull(),
    /** The provider's own unchanging name for the person. */
    subject: text().notNull(),
    userId: owner(),
    email: text(),
    createdAt: moment("created_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.subject] }),
    unique("identities_one_per_provider").on(table.userId, table.provider),
  ],
);

/** A user's authenticator. It counts from the moment that a first code confirmed it. */
export const authenticators = pgTable("authenticators", {
  userId: owner().primaryKey(),
  sealedSecret: text("sealed_secret").notNull(),
  confirmedAt: moment("confirmed_at"),
  /** The last time step whose code was taken: each is taken once. */
  lastStep: bigint("last_step", { mode: "number" }).notNull().default(0),
  createdAt: moment("created_at").notNull().defaultNow(),
});

/** Codes for the day the authenticator is lost, by their SHA-256. Using one deletes its row. */
export const recoveryCodes = pgTable("recovery_codes", { userId: owner(), hash: text().notNull() }, (table) => [
  primaryKey({ columns: [table.userId, table.hash] }),
]);

/** How often something was tried lately: by account, by address, by everyone. */
export const attemptCounters = pgTable(
  "attempt_counters",
  {
    key: text().primaryKey(),
    count: integer().notNull(),
    lastAt: moment("last_at").notNull(),
    blockedUntil: moment("blocked_until").notNull().default(sql`'-infinity'`),
  },
  (table) => [index("attempt_counters_age").on(table.lastAt)],
);
