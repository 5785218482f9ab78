import { readdirSync, readFileSync } from "node:fs";
import GithubSlugger from "github-slugger";
import { describe, expect, test } from "vitest";
import { listChapters } from "@/app/(site)/docs/chapters";
import { toHref } from "@/components/docs/chapter-text";

const files = readdirSync("docs").filter((name) => name.endsWith(".md"));
const read = (file: string) => readFileSync(file, "utf8");
const linksOf = (text: string) => [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, url = ""]) => url);

function anchorsOf(text: string): string[] {
  const slugger = new GithubSlugger();
  const prose = text.replace(/^```[\s\S]*?^```/gm, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) => slugger.slug(title.replaceAll("`", "")));
}

test("every file of docs is a chapter, with a title and an opening", async () => {
  const chapters = (await listChapters()).flatMap((group) => group.chapters);
  expect(chapters.map(({ href }) => href.replace("/docs/", "")).toSorted()).toEqual(
    files.map((name) => name.replace(".md", "")).toSorted(),
  );
  for (const { title, opening } of chapters) expect(title && opening, title).toMatch(/^[A-Z][^`\n]*\.$/);
});

describe.each([...files.map((name) => `docs/${name}`), "README.md", "ARCHITECTURE.md"])("%s", (file) => {
  const links = linksOf(read(file)).filter((url) => !/^https?:/.test(url));
  test("leads nowhere in vain", () => {
    for (const url of links) {
      const [path = "", anchor] = url.split("#");
      const target = path ? new URL(path, `file:///${process.cwd()}/${file}`).pathname.replace(/^\/\//, "/") : file;
      const text = () => read(target);
      if (anchor) expect(anchorsOf(text()), url).toContain(anchor);
      else expect(() => readdirOrRead(target), url).not.toThrow();
    }
  });
});

function readdirOrRead(path: string) {
  return path.endsWith("/") ? readdirSync(path) : readFileSync(path);
}

test.each([
  ["routing.md", "/docs/routing"],
  ["clients.md#sign-in-with-a-key", "/docs/clients#sign-in-with-a-key"],
  ["https://llm.example.com/keys", "/keys"],
  ["https://elsewhere.example.com/keys", "https://elsewhere.example.com/keys"],
  ["#health", "#health"],
  ["../ARCHITECTURE.md", undefined],
  ["javascript:alert(1)", undefined],
])("a link to %s leads to %s", (url, href) => {
  expect(toHref(url, "https://llm.example.com")).toBe(href);
});
