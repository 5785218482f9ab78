import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChapterGroup } from "@/components/docs/docs-nav";

/** The files of `docs/` as chapters, in the order that they are read in. */
const groups: readonly { title: string; slugs: readonly string[] }[] = [
  { title: "Start", slugs: ["quick-start", "connect"] },
  { title: "Concepts", slugs: ["routing", "plugins", "billing", "resilience", "api-extensions", "clients"] },
  { title: "Operate", slugs: ["deploy", "operating", "scale", "backup", "performance"] },
  { title: "Trust", slugs: ["security", "money", "dependencies"] },
];

const known = new Set(groups.flatMap(({ slugs }) => slugs));

export type Chapter = { title: string; opening: string; markdown: string };

/** A chapter's markdown with its title and its first sentence, or undefined where there is none of this name. */
export async function findChapter(slug: string): Promise<Chapter | undefined> {
  if (!known.has(slug)) return undefined;
  const markdown = await readFile(join(process.cwd(), "docs", `${slug}.md`), "utf8");
  const [heading = "", opening = ""] = markdown.split(/\n\n/, 2);
  return {
    title: heading.replace(/^# /, ""),
    opening: opening.replaceAll(/[`\n]/g, (mark) => (mark === "`" ? "" : " ")).replace(/(?<=\.) .*$/, ""),
    markdown,
  };
}

/** Every chapter by its group, with what a link to it says. */
export function listChapters(): Promise<ChapterGroup[]> {
  return Promise.all(
    groups.map(async ({ title, slugs }) => ({
      title,
      chapters: await Promise.all(
        slugs.map(async (slug) => {
          const chapter = await findChapter(slug);
          return { href: `/docs/${slug}`, title: chapter?.title ?? slug, opening: chapter?.opening ?? "" };
        }),
      ),
    })),
  );
}
