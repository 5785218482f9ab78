import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { ConsentForm } from "./consent-form";

test("as the server sends it, nothing of the form can be filled in or sent", () => {
  const html = renderToString(
    createElement(ConsentForm, {
      authorize: async () => ({ ok: true as const, data: {} }),
      asked: {},
      name: "An app",
      limit: "",
      reset: "none",
      refusal: "/",
    }),
  );
  expect(html).toMatch(/<form[^>]*><fieldset disabled=""/);
});
