import type { ComponentProps } from "react";
import { memo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeHighlight from "rehype-highlight";
import remarkGfm from "remark-gfm";
import { CodeBlock } from "./code-block";
import { safeUrl } from "./safe-url";
import { splitBlocks } from "./split-blocks";

/** What a model wrote, to be shown and never obeyed: no HTML, nothing fetched, links that lead out only. */
export const Markdown = memo(function Markdown({ text, growing }: { text: string; growing: boolean }) {
  if (!growing) return <Piece text={text} highlighted />;
  const blocks = splitBlocks(text);
  return blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
    <Piece key={index} text={block} highlighted={index < blocks.length - 1} />
  ));
});

const Piece = memo(function Piece({ text, highlighted }: { text: string; highlighted: boolean }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm]}
      rehypePlugins={highlighted ? [tame, rehypeHighlight] : [tame]}
      components={components}
      urlTransform={(url) => safeUrl(url)}
    >
      {text}
    </ReactMarkdown>
  );
});

type Shown<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & { node?: Node };

const components: Components = {
  a: ({ href, children }: Shown<"a">) => <OutsideLink href={href}>{children}</OutsideLink>,
  // Nothing is fetched: an address can carry away what was said.
  img: ({ src, alt }: Shown<"img">) => (
    <OutsideLink href={typeof src === "string" ? src : undefined}>{alt || "Picture"}</OutsideLink>
  ),
  pre: ({ node, children }: Shown<"pre">) => <CodeBlock text={textOf(node)}>{children}</CodeBlock>,
  table: ({ children }: Shown<"table">) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </section>
  ),
  input: ({ checked }: Shown<"input">) => (
    <input type="checkbox" checked={checked ?? false} disabled aria-label={checked ? "Done" : "Not done"} />
  ),
};

function OutsideLink({ href, children }: Pick<ComponentProps<"a">, "href" | "children">) {
  if (!href) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  );
}

type Node = { type: string; tagName?: string; value?: string; properties?: Record<string, unknown>; children?: Node[] };

/** Ids of footnotes would be there once for every answer on the page, and a picture in a link would be a link in a link. */
function tame() {
  return function visit(node: Node): void {
    delete node.properties?.id;
    delete node.properties?.ariaDescribedBy;
    if (node.tagName === "a") node.children = node.children?.map(toWords);
    node.children?.forEach(visit);
  };
}

const textOf = (node: Node | undefined): string => node?.value ?? node?.children?.map(textOf).join("") ?? "";

const toWords = (node: Node): Node =>
  node.tagName === "img" ? { type: "text", value: String(node.properties?.alt || "Picture") } : node;
