/**
 * Who may open what. `public`: anyone. `user`: whoever is signed in. `operator`: to others it is not there. `key`: the
 * bearer of an API key. `management`: of a management key. `webhook`: whoever signs. A page, a route or an action that is
 * not in these tables fails the census.
 */
export type RouteClass = "public" | "user" | "operator" | "key" | "management" | "webhook";

export const pages: Record<string, RouteClass> = {
  "(auth)/confirm": "user",
  "(auth)/forgot": "public",
  "(auth)/magic-link": "public",
  "(auth)/reset": "public",
  "(auth)/setup": "public",
  "(auth)/sign-in": "public",
  "(auth)/sign-in/code": "public",
  "(auth)/sign-up": "public",
  "(auth)/verify": "public",
  "(dashboard)/chat": "user",
  "(dashboard)/credits": "user",
  "(dashboard)/credits/ledger": "user",
  "(dashboard)/activity/[generation]": "user",
  "(dashboard)/credits/ledger/[id]": "user",
  "(dashboard)/credits/payments": "user",
  "(dashboard)/keys": "user",
  "(dashboard)/keys/byok": "user",
  "(dashboard)/keys/management": "user",
  "(dashboard)/overview": "user",
  "(dashboard)/settings/security": "user",
  "(site)": "public",
  "(site)/models": "public",
  "(site)/models/[...slug]": "public",
  "(site)/models/compare": "public",
};

export const routes: Record<string, RouteClass> = {
  "(dashboard)/credits/ledger/export": "user",
  "api/[[...unknown]]": "public",
  "api/auth/callback/[provider]": "public",
  "api/health": "public",
  "api/ready": "public",
  "api/stripe/webhook": "webhook",
  "api/v1/byok": "management",
  "api/v1/byok/[id]": "management",
  "api/v1/chat/completions": "key",
  "api/v1/completions": "key",
  "api/v1/credits": "management",
  "api/v1/embeddings": "key",
  "api/v1/generation": "key",
  "api/v1/key": "key",
  "api/v1/keys": "management",
  "api/v1/keys/[hash]": "management",
  "api/v1/embeddings/models": "public",
  "api/v1/endpoints/zdr": "public",
  "api/v1/model/[author]/[slug]": "public",
  "api/v1/models": "public",
  "api/v1/models/[author]": "public",
  "api/v1/models/[author]/[slug]/endpoints": "public",
  "api/v1/models/count": "public",
  "api/v1/models/user": "key",
  "api/v1/openapi.json": "public",
  "api/v1/providers": "public",
  "api/v1/responses": "key",
  "openapi.json": "public",
};

const hash = "0".repeat(64);
const id = "00000000-0000-4000-8000-000000000000";
const key = { name: "a", limit: "", reset: "none", expiresAt: null, includeByok: false, allowedModels: [] };
const email = "nobody@example.com";
const token = "x";

/** With an input that each of them takes, so that it is its guard that answers and not its form. */
export const actions: Record<string, { class: RouteClass; input: object }> = {
  addByok: { class: "user", input: { provider: "openai", name: "", key: "sk-x", use: "first" } },
  beginSecondFactor: { class: "user", input: {} },
  buyCredits: { class: "user", input: { amount: "10", saveCard: false } },
  confirm: { class: "user", input: {} },
  confirmAddress: { class: "public", input: { token } },
  confirmSecondFactor: { class: "user", input: { code: "x" } },
  connectProvider: { class: "user", input: { provider: "google" } },
  createKey: { class: "user", input: { ...key, kind: "inference" } },
  deleteKey: { class: "user", input: { hash } },
  disconnectProvider: { class: "user", input: { provider: "google" } },
  editKey: { class: "user", input: { ...key, hash } },
  endOtherSessions: { class: "user", input: {} },
  endSession: { class: "user", input: { sessionId: id } },
  finishSignUp: { class: "public", input: { token, password: "x" } },
  mailMagicLink: { class: "public", input: { email } },
  mailResetLink: { class: "public", input: { email } },
  mailSignUpLink: { class: "public", input: { email } },
  mailVerification: { class: "user", input: {} },
  mintChatKey: { class: "user", input: {} },
  newRecoveryCodes: { class: "user", input: {} },
  openMagicLink: { class: "public", input: { token } },
  openPortal: { class: "user", input: {} },
  redeem: { class: "user", input: { code: "x" } },
  removeByok: { class: "user", input: { id } },
  reorderByok: { class: "user", input: { ids: [id] } },
  rotate: { class: "user", input: { hash, overlapHours: 1 } },
  saveAutoTopUp: { class: "user", input: { threshold: "1", amount: "10", dailyCap: "10", cardId: "x" } },
  setByokDisabled: { class: "user", input: { id, disabled: true } },
  setKeyDisabled: { class: "user", input: { hash, disabled: true } },
  setPassword: { class: "user", input: { password: "x" } },
  setNewPassword: { class: "public", input: { token, password: "x" } },
  setUp: { class: "public", input: { token, email, password: "x" } },
  signInElsewhere: { class: "public", input: { provider: "none" } },
  signInWithPassword: { class: "public", input: { email, password: "x" } },
  signOut: { class: "public", input: {} },
  signUp: { class: "public", input: { email, password: "x" } },
  stopAutoTopUp: { class: "user", input: {} },
  submitCode: { class: "public", input: { code: "000000" } },
  turnOffSecondFactor: { class: "user", input: {} },
};
