// @ts-check

/** @typedef {import("./providers.mjs").Provider} Provider */

/** @type {Record<import("./payments.mjs").Payments, string>} */
const paymentTexts = {
  real: "Stripe, with your key",
  "stand-in": "a stand-in for Stripe: a test page, no real money moves",
  off: "off; STRIPE_SECRET_KEY switches them on",
};

/**
 * @param {{ address: import("./address.mjs").Address, apiKey?: string, email?: string, password?: string, setupLink?: string, real: Provider[], madeUp: Provider[],
 *   payments: import("./payments.mjs").Payments, ownDatabase: boolean, took: string }} facts
 */
export function welcome({ address, apiKey, email, password, setupLink, real, madeUp, payments, ownDatabase, took }) {
  const rows = [
    ["Address", address.url],
    ["API", `${address.url}/api/v1`],
    ["API key", apiKey ? `${apiKey}  (with $10 of credits)` : "make one with: npm run admin  (it lists its commands)"],
    ...(email && password ? [["Sign in", `${address.url}/sign-in  as ${email}, password ${password}`]] : []),
    ...(setupLink ? [["Operator", `${setupLink}  (once, within an hour)`]] : []),
    ["Database", ownDatabase ? "yours, from DATABASE_URL" : "an embedded Postgres, in .data/postgres"],
    ["Real", real.length > 0 ? namesOf(real) : "no provider"],
    ["Payments", paymentTexts[payments]],
    ...(madeUp.length > 0 ? [["Stand-ins", `${namesOf(madeUp)}: answers are made up on this machine`]] : []),
  ];
  const missing = madeUp.map(({ keyVariable }) => keyVariable);
  return [
    "",
    `Ready in ${took}.`,
    "",
    ...rows.map(([name, value]) => `  ${name?.padEnd(11)}${value}`),
    ...(missing.length > 0 ? ["", `  For real answers put ${orList(missing)} into .env and start again.`] : []),
    ...(apiKey ? ["", "  Try it:", "", curl(address, apiKey)] : []),
    "",
    "  Stop with Ctrl-C. What you did is kept in .data, and logs are in .data/log.",
    "",
  ].join("\n");
}

/**
 * On one line and not indented, so that it can be copied as it stands.
 * @param {import("./address.mjs").Address} address
 * @param {string} apiKey
 */
function curl(address, apiKey) {
  const body = { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello" }] };
  return (
    `curl ${address.url}/api/v1/chat/completions -H "Authorization: Bearer ${apiKey}" ` +
    `-H "Content-Type: application/json" -d '${JSON.stringify(body)}'`
  );
}

/** @param {Provider[]} providers */
const namesOf = (providers) => providers.map(({ name }) => name).join(", ");

/** @param {string[]} names */
const orList = (names) => names.join(", ").replace(/, (?=[^,]*$)/, " or ");
