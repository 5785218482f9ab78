// @ts-check
// The page a checkout session sends its customer to: he picks how the payment shall end.

/** @import Stripe from "stripe" */

import { moneyText } from "../resources/amounts.mjs";
import { completeSession, delayedTypeOf } from "../resources/checkout-outcomes.mjs";
import { escaped, htmlPage } from "./html.mjs";

/** @typedef {import("../world.mjs").World} World */
/** @typedef {import("../resources/checkout-outcomes.mjs").Outcome} Outcome */
/** @typedef {{ status: number, html?: string, location?: string }} PageAnswer */

/** @param {World} world @param {string} id @returns {PageAnswer} */
export function showCheckout(world, id) {
  const session = world.store.find("checkout.session", id);
  if (!session) return { status: 404, html: over("There is no such checkout.", null) };
  if (session.status !== "open") {
    const isDone = session.status === "complete";
    const url = isDone ? successUrl(session) : session.cancel_url;
    const text = isDone ? "This checkout is complete." : "This checkout has expired.";
    return { status: isDone ? 200 : 410, html: over(text, url) };
  }
  return { status: 200, html: openPage(world, session) };
}

/**
 * @param {World} world
 * @param {string} id
 * @param {import("../api/form-body.mjs").Params} form
 * @returns {PageAnswer}
 */
export function submitCheckout(world, id, form) {
  const session = world.store.find("checkout.session", id);
  if (session?.status !== "open") return showCheckout(world, id);
  if (form.outcome === "cancel") {
    return session.cancel_url ? { status: 303, location: session.cancel_url } : showCheckout(world, id);
  }
  const choice = choicesFor(session).find(({ outcome }) => outcome === form.outcome);
  if (!choice) return { status: 400, html: openPage(world, session, "Please choose one of the outcomes.") };
  const isDone = completeSession(world, session, { outcome: choice.outcome, email: form.email || undefined });
  if (isDone) return { status: 303, location: successUrl(session) };
  return { status: 402, html: openPage(world, session, "Your card was declined. Try another one.") };
}

/** @param {Stripe.Checkout.Session} session */
const successUrl = (session) => (session.success_url ?? "").replaceAll("{CHECKOUT_SESSION_ID}", session.id);

/** @param {Stripe.Checkout.Session} session @returns {{ outcome: Outcome, text: string, note: string }[]} */
function choicesFor(session) {
  const isSetup = session.mode === "setup";
  const bank = delayedTypeOf(session);
  return [
    { outcome: "card", text: isSetup ? "Save a card" : "Pay by card", note: "Visa 4242" },
    { outcome: "card_declined", text: "Card is declined", note: "Nothing happens, you can try again" },
    ...(bank && !isSetup
      ? [
          {
            outcome: /** @type {const} */ ("bank"),
            text: "Bank transfer",
            note: "Accepted now, the money arrives later",
          },
        ]
      : []),
    {
      outcome: "card_declines_later",
      text: "Card that is declined later",
      note: "Works now, declined when used again",
    },
    {
      outcome: "card_needs_authentication",
      text: "Card that asks again later",
      note: "Works now, needs authentication when used again",
    },
  ];
}

/** @param {World} world @param {Stripe.Checkout.Session} session @param {string} [problem] */
function openPage(world, session, problem) {
  const currency = session.currency ?? "usd";
  const items = world.store.factsOf(session.id).lineItems ?? [];
  const amount = session.mode === "setup" ? "Save a card" : moneyText(session.amount_total ?? 0, currency);
  const [first, ...others] = choicesFor(session);
  const rows = items.map(
    ({ description, quantity, amount_total }) =>
      `<tr><td>${escaped(description ?? "")}${(quantity ?? 1) > 1 ? ` × ${quantity}` : ""}</td>` +
      `<td>${moneyText(amount_total, currency)}</td></tr>`,
  );
  const total = `<tr class="total"><td>Total due</td><td>${amount}</td></tr>`;
  const known = session.customer_details?.email;
  const email = known
    ? `<p class="quiet">For ${escaped(known)}</p>`
    : '<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="email" placeholder="customer@example.com">';
  return htmlPage(
    `Checkout: ${amount}`,
    `<section class="card">
<h1>${session.mode === "setup" ? "For later payments" : "Pay"}</h1>
<p class="amount">${amount}</p>
${session.mode === "setup" ? "" : `<table>${rows.join("")}${total}</table>`}
</section>
<form class="card" method="post">
${problem ? `<p class="bad" role="alert">${escaped(problem)}</p>` : ""}
${email}
<button class="main" name="outcome" value="${first?.outcome}">${first?.text}</button>
<h2>Or try how it ends otherwise</h2>
${others.map(({ outcome, text, note }) => `<button name="outcome" value="${outcome}">${text}<small>${note}</small></button>`).join("\n")}
<button name="outcome" value="cancel" formnovalidate>Cancel<small>Back without paying</small></button>
</form>
<p class="quiet">This page stands in for Stripe on this machine. With a Stripe key in the settings, Stripe's own page opens here.</p>`,
  );
}

/** @param {string} text @param {string | null} url */
const over = (text, url) =>
  htmlPage(
    "Checkout",
    `<section class="card"><p>${text}</p>${url ? `<p><a href="${escaped(url)}">Continue</a></p>` : ""}</section>`,
  );
