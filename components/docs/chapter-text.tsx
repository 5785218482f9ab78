import Link from "next/link";
import type { ComponentProps } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSlug from "rehype-slug";
import remarkGfm from "remark-gfm";
import { CodeSample } from "../code-sample";
import "../written.css";

/** Where the chapters say that the server is. The reader's own address stands in its place. */
const WRITTEN_ORIGIN = "http://127.0.0.1:3000";

const languages: Record<string, string> = {
  sh: "Shell",
  ts: "TypeScript",
  python: "Python",
  toml: "TOML",
  json: "JSON",
  sql: "SQL",
  yaml: "YAML",
};

/** A chapter as it stands in `docs/`, its links leading to the pages here. `origin`: where the reader reaches the server. */
export function ChapterText({ markdown, origin }: { markdown: string; origin: string }) {
  return (
    <article className="written chapter max-w-3xl py-8">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[rehypeSlug]}
        components={components}
        urlTransform={(url) => toHref(url, origin) ?? ""}
      >
        {markdown.replaceAll(WRITTEN_ORIGIN, origin)}
      </ReactMarkdown>
    </article>
  );
}

/** Of a link in a chapter, where it leads here; undefined for files that are no pages. */
export function toHref(url: string, origin: string): string | undefined {
  if (url.startsWith(`${origin}/`)) return url.slice(origin.length);
  if (/^(https:\/\/|#)/.test(url)) return url;
  const [, chapter, anchor = ""] = /^([a-z-]+)\.md(#.*)?$/.exec(url) ?? [];
  return chapter && `/docs/${chapter}${anchor}`;
}

type Shown<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & { node?: Node };
type Node = { type: string; value?: string; properties?: Record<string, unknown>; children?: Node[] };

const components: Components = {
  a: ({ href, children }: Shown<"a">) =>
    !href ? (
      <span>{children}</span>
    ) : href.startsWith("https:") ? (
      <a href={href}>{children}</a>
    ) : (
      <Link href={href}>{children}</Link>
    ),
  pre: ({ node }: Shown<"pre">) => <CodeSample label={labelOf(node)} code={textOf(node).trimEnd()} className="my-4" />,
  table: ({ children }: Shown<"table">) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </section>
  ),
};

function labelOf(pre: Node | undefined): string {
  const [name] = (pre?.children?.[0]?.properties?.className as string[] | undefined) ?? [];
  return languages[name?.replace("language-", "") ?? ""] ?? "Text";
}

const textOf = (node: Node | undefined): string => node?.value ?? node?.children?.map(textOf).join("") ?? "";
