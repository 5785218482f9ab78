import { and, asc, desc, eq, max, sql } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { presets, presetVersions } from "../schema";

export type Preset = typeof presets.$inferSelect & { version: PresetVersion };
export type PresetVersion = typeof presetVersions.$inferSelect;

/** What a request is filled in from. */
export type LivePreset = {
  id: string;
  slug: string;
  status: "active" | "disabled" | "archived";
  config: Record<string, unknown>;
  systemPrompt: string | null;
};

/** The newest version of the account's preset, for a request that names it. */
export async function findLivePreset(accountId: string, slug: string): Promise<LivePreset | undefined> {
  const [preset] = await moneyStatement<LivePreset[]>(
    (statement) => statement`
      select p.id, p.slug, p.status, v.config, v.system_prompt as "systemPrompt"
        from presets p join preset_versions v on v.preset_id = p.id
       where p.account_id = ${accountId} and p.slug = ${slug}
       order by v.version desc limit 1`,
  );
  return preset;
}

/** With their newest versions; those that were changed last come first. */
export async function listPresets(db: Database, accountId: string, { offset, most }: Page) {
  const found = await db
    .select({ preset: presets, version: presetVersions })
    .from(presets)
    .innerJoin(presetVersions, isNewest)
    .where(eq(presets.accountId, accountId))
    .orderBy(desc(presets.updatedAt), presets.id)
    .offset(offset)
    .limit(most);
  const total = await db.$count(presets, eq(presets.accountId, accountId));
  return { presets: found.map(({ preset, version }): Preset => ({ ...preset, version })), total };
}

export async function findPreset(db: Database, accountId: string, slug: string): Promise<Preset | undefined> {
  const [found] = await db
    .select({ preset: presets, version: presetVersions })
    .from(presets)
    .innerJoin(presetVersions, isNewest)
    .where(own(accountId, slug));
  return found && { ...found.preset, version: found.version };
}

/** The oldest first. */
export async function listPresetVersions(db: Database, presetId: string, { offset, most }: Page) {
  const versions = await db
    .select()
    .from(presetVersions)
    .where(eq(presetVersions.presetId, presetId))
    .orderBy(asc(presetVersions.version))
    .offset(offset)
    .limit(most);
  const [newest] = await db
    .select({ version: max(presetVersions.version) })
    .from(presetVersions)
    .where(eq(presetVersions.presetId, presetId));
  return { versions, total: newest?.version ?? 0 };
}

export async function findPresetVersion(db: Database, presetId: string, version: number) {
  const [found] = await db
    .select()
    .from(presetVersions)
    .where(and(eq(presetVersions.presetId, presetId), eq(presetVersions.version, version)));
  return found;
}

type NewVersion = Pick<PresetVersion, "config" | "systemPrompt">;

/**
 * Adds a version, and the preset if the account has none of this slug; false when it would be more than `most` presets.
 * Of two that add at once, one fails with a unique violation.
 */
export async function insertPresetVersion(
  db: Database,
  accountId: string,
  slug: string,
  { config, systemPrompt }: NewVersion,
  most: number,
): Promise<boolean> {
  const rows = await db.execute(sql`
    with preset as (
      insert into presets (account_id, slug, name)
        select ${accountId}, ${slug}, ${slug}
         where exists (select 1 from presets where account_id = ${accountId} and slug = ${slug})
            or (select count(*) from presets where account_id = ${accountId}) < ${most}
      on conflict on constraint presets_slug do update set updated_at = clock_timestamp()
      returning id
    )
    insert into preset_versions (preset_id, version, config, system_prompt)
      select id, 1 + coalesce((select max(version) from preset_versions where preset_id = preset.id), 0),
             ${JSON.stringify(config)}::jsonb, ${systemPrompt}
        from preset
    returning id`);
  return rows.length > 0;
}

/** With all its versions; false when the account has none of this slug. */
export async function deletePreset(db: Database, accountId: string, slug: string): Promise<boolean> {
  const rows = await db.delete(presets).where(own(accountId, slug)).returning({ id: presets.id });
  return rows.length > 0;
}

type Page = { offset: number; most: number };

const own = (accountId: string, slug: string) => and(eq(presets.accountId, accountId), eq(presets.slug, slug));

const isNewest = and(
  eq(presetVersions.presetId, presets.id),
  sql`${presetVersions.version} = (select max(newest.version) from ${presetVersions} newest where newest.preset_id = ${presets.id})`,
);
