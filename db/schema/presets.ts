import { sql } from "drizzle-orm";
import { integer, jsonb, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { accounts } from "./accounts";

const now = sql`clock_timestamp()`;

/** Settings for requests under a name of their account's: `@preset/slug`. What they are is in the newest version. */
export const presets = pgTable(
  "presets",
  {
    id: uuid().primaryKey().defaultRandom(),
    accountId: uuid("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    slug: text().notNull(),
    name: text().notNull(),
    description: text(),
    status: text({ enum: ["active", "disabled", "archived"] })
      .notNull()
      .default("active"),
    statusUpdatedAt: timestamp("status_updated_at", { withTimezone: true }),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(now),
    updatedAt: timestamp("updated_at", { withTimezone: true }).notNull().default(now),
  },
  (table) => [unique("presets_slug").on(table.accountId, table.slug)],
);

/** Added and never changed. The newest is in force. */
export const presetVersions = pgTable(
  "preset_versions",
  {
    id: uuid().primaryKey().defaultRandom(),
    presetId: uuid("preset_id")
      .notNull()
      .references(() => presets.id, { onDelete: "cascade" }),
    /** Counts from 1. */
    version: integer().notNull(),
    /** Fields of a request: `model`, `provider`, `temperature` and so on. */
    config: jsonb().$type<Record<string, unknown>>().notNull(),
    systemPrompt: text("system_prompt"),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().default(now),
  },
  (table) => [unique("preset_versions_version").on(table.presetId, table.version)],
);
