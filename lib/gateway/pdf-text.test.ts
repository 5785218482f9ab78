import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { lines, pdfOf } from "@/tests/pdf";
import { pdfText } from "./pdf-text";

test("the text of each page is read, line by line", async () => {
  const pdf = pdfOf([lines("Dear reader,", "this is the first page."), lines("And this the second.")]);
  expect(await pdfText(pdf, "a.pdf")).toEqual(["Dear reader,\nthis is the first page.", "And this the second."]);
});

test.each([
  ["what is none", Buffer.from("no PDF at all"), "a.pdf cannot be read: it is no valid PDF."],
  ["one without text", pdfOf(["0 0 m 100 100 l S"]), "a.pdf has no text in it"],
  ["one of too many pages", pdfOf(Array(501).fill(lines("x"))), "it has 501 pages, and 500 are the most."],
])("%s is refused with a reason", async (_, pdf, message) => {
  await expect(pdfText(pdf, "a.pdf")).rejects.toMatchObject({
    type: "invalid_request",
    message: expect.stringContaining(message),
  });
});

const packed = (text: string) => pdfOf([deflateSync(text, { level: 9 })], "/Filter /FlateDecode");

test("a document that unpacks to more than a server has takes nothing down, and holds nobody up", async () => {
  const bomb = packed(" ".repeat(400 * 1024 * 1024));
  expect(bomb.length).toBeLessThan(1024 * 1024);
  const before = process.memoryUsage().rss;
  let most = 0;
  let late = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    late = Math.max(late, performance.now() - last);
    last = performance.now();
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 20);
  await expect(pdfText(bomb, "a.pdf")).rejects.toMatchObject({ type: "invalid_request" });
  clearInterval(watch);
  expect(most).toBeLessThan(640 * 1024 * 1024);
  expect(late).toBeLessThan(2_000);
}, 60_000);

test("one that never ends is given up, and the next is read", async () => {
  const endless = packed("BT /F1 12 Tf ET (a) Tj ".repeat(4_000_000));
  await expect(pdfText(endless, "a.pdf")).rejects.toMatchObject({ type: "invalid_request" });
  expect(await pdfText(pdfOf([lines("Still here")]), "b.pdf")).toEqual(["Still here"]);
}, 60_000);

test("many at once are read one after the other, and those too many are told to come again", async () => {
  const pdf = pdfOf([lines("Hello")]);
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => pdfText(pdf, "a.pdf")));
  const refused = all.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(2);
  for (const { reason } of refused as PromiseRejectedResult[]) expect(reason.type).toBe("service_unavailable");
}, 120_000);
