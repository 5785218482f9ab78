import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { Markdown } from "./markdown";
import { isInlinePicture, safeUrl } from "./safe-url";
import { HOSTILE_MARKDOWN } from "./testing/hostile-markdown";

const render = (text: string, growing = false) => renderToStaticMarkup(createElement(Markdown, { text, growing }));

/** Every tag that is really a tag, with its attributes. */
const tags = (html: string) =>
  [...html.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(
    ([, name, attributes = ""]) => ({
      name: name as string,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([a-zA-Z:-]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key as string, value ?? ""]),
      ) as Record<string, string>,
    }),
  );

const ALLOWED_TAGS =
  /^(?:p|a|span|strong|em|del|code|pre|div|section|table|thead|tbody|tr|th|td|ul|ol|li|h[1-6]|blockquote|hr|br|input|sup|button|svg|path|rect)$/;

describe.each([false, true])("what a model wrote, growing: %s", (growing) => {
  test.each(HOSTILE_MARKDOWN)("runs nothing and loads nothing: %j", (text) => {
    for (const { name, attributes } of tags(render(text, growing))) {
      expect(name).toMatch(ALLOWED_TAGS);
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^on|^srcset$|^src$|^style$|^action$|^formaction$|^id$|^xlink/i);
        if (key === "href") expect(value).toMatch(/^(?:https?:\/\/|mailto:)/);
      }
      if (name === "a") expect(attributes).toMatchObject({ target: "_blank", rel: "noopener noreferrer nofollow" });
    }
  });
});

describe("Markdown", () => {
  test("a picture is a link, and its address is not asked", () => {
    const html = render("![a cat](https://pictures.example/cat.png?said=secret)");
    expect(html).not.toContain("<img");
    expect(html).toContain('href="https://pictures.example/cat.png?said=secret"');
    expect(html).toContain(">a cat</a>");
  });

  test("a picture in a link is words, not a link in a link", () => {
    const html = render("[![a cat](https://a.example/cat.png)](https://b.example/)");
    expect(html.match(/<a /g)).toHaveLength(1);
    expect(html).toContain('href="https://b.example/"');
  });

  test("HTML is shown as it was written", () => {
    expect(render("<b onclick=alert(1)>x</b>")).toContain("&lt;b onclick=alert(1)&gt;x&lt;/b&gt;");
  });

  test("code is coloured once its block has ended, tables and tasks are there", () => {
    const code = "```js\nconst a = 1;\n```";
    expect(render(code)).toContain("hljs-keyword");
    expect(render(code, true)).not.toContain("hljs-keyword");
    expect(render(`${code}\n\nAnd then`, true)).toContain("hljs-keyword");
    expect(render("| a |\n|--|\n| 1 |")).toContain("<td>1</td>");
    expect(render("- [x] done")).toContain('aria-label="Done"');
  });

  test("two answers with footnotes share no ids", () => {
    expect(render("a[^1]\n\n[^1]: b")).not.toMatch(/ id=|aria-describedby/);
  });
});

test.each([
  ["https://a.example/x?y#z", "https://a.example/x?y#z"],
  ["mailto:a@b.example", "mailto:a@b.example"],
  ["JaVaScRiPt:alert(1)", undefined],
  ["java\nscript:alert(1)", undefined],
  ["\u0001javascript:alert(1)", undefined],
  ["data:text/html,x", undefined],
  ["blob:https://a.example/1", undefined],
  ["file:///etc/passwd", undefined],
  ["//a.example/x", undefined],
  ["/keys", undefined],
  ["#x", undefined],
  ["", undefined],
  [undefined, undefined],
])("the link %j leads to %j", (text, url) => {
  expect(safeUrl(text)).toBe(url);
});

test.each([
  ["data:image/png;base64,QQ==", true],
  ["data:image/svg+xml;base64,QQ==", false],
  ["data:image/png,<svg>", false],
  ["https://a.example/a.png", false],
  ["blob:x", false],
])("the picture %s can be shown: %s", (url, shown) => {
  expect(isInlinePicture(url)).toBe(shown);
});
