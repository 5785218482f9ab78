import { createElement, type ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { ActionForm, FormField } from "../auth/action-form";
import { ConsentForm } from "../auth/consent-form";
import { AutoTopUpForm } from "../credits/auto-top-up-form";
import { BuyForm } from "../credits/buy-form";
import { RedeemForm } from "../credits/redeem-form";

const done = async () => ({ ok: true as const, data: {} as never });

const forms: [name: string, form: ReactNode][] = [
  [
    "consent",
    createElement(ConsentForm, { authorize: done, asked: {}, name: "App", limit: "", reset: "none", refusal: "/" }),
  ],
  [
    "buy",
    createElement(BuyForm, {
      limits: { leastMinor: 500, mostMinor: 50_000, feeBasisPoints: 0 },
      canSaveCard: true,
      buy: done,
    }),
  ],
  ["redeem", createElement(RedeemForm, { redeem: done })],
  [
    "auto top-up",
    createElement(AutoTopUpForm, {
      settings: null,
      cards: [{ id: "card", brand: "visa", last4: "4242", expMonth: 1, expYear: 2030 }],
      boughtTodayMinor: 0,
      buying: false,
      save: done,
      switchOff: done,
    }),
  ],
];

test.for(forms)("%s: as the server sends it, nothing of it can be filled in or sent", ([, form]) => {
  expect(renderToString(form)).toMatch(/<form[^>]*><fieldset disabled=""/);
});

test("a form whose fields keep what is typed early cannot be sent early", () => {
  const field = createElement(FormField, { name: "email", label: "E-mail", autoComplete: "email" });
  const html = renderToString(createElement(ActionForm, { action: done, submit: "Go on" }, field));
  expect(html).toMatch(/<button[^>]* disabled=""[^>]*>Go on/);
  expect(html).not.toMatch(/<input[^>]* disabled=""/);
});
