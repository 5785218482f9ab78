import { db } from "@/db/client";
import { type ApiKey, listApiKeys } from "@/db/queries/api-keys";
import { changeKey, mintKey, removeKey, rotateKey } from "@/lib/keys/manage";
import { formatUsd, parseUsd } from "@/lib/money";
import { command, dateOf, oneOf, required, wholeNumber } from "./command";
import { userByEmail } from "./users";

const RESETS = ["none", "daily", "weekly", "monthly"] as const;

export const keyCommands = {
  create: command(
    "Make an API key for a user. It is printed once.",
    {
      user: { type: "string" },
      name: { type: "string" },
      management: { type: "boolean" },
      limit: { type: "string" },
      reset: { type: "string" },
      expires: { type: "string" },
      "include-byok": { type: "boolean" },
      models: { type: "string" },
    },
    async ({ user, name, management, limit, reset, expires, models, ...rest }) => {
      const { accountId } = await userByEmail(user);
      const { key, row } = await mintKey({
        accountId,
        name: name ?? "command line",
        kind: management ? "management" : "inference",
        limit: limit === undefined ? null : parseUsd(limit),
        reset: oneOf(reset ?? "none", RESETS, "reset"),
        expiresAt: expires === undefined ? null : dateOf(expires),
        includeByokInLimit: rest["include-byok"] ?? false,
        allowedModels: models === undefined ? null : modelsOf(models),
      });
      return { key, ...view(row) };
    },
  ),
  list: command("List a user's keys.", { user: { type: "string" } }, async ({ user }) => {
    const { accountId } = await userByEmail(user);
    return (await listApiKeys(db(), accountId, 0, 10_000)).map(view);
  }),
  limit: command(
    "Set a key's limit (US dollars) and reset, or lift it with --limit none; --byok counts|free says whether BYOK counts in it.",
    {
      user: { type: "string" },
      hash: { type: "string" },
      limit: { type: "string" },
      reset: { type: "string" },
      byok: { type: "string" },
    },
    ({ user, hash, limit, reset, byok }) =>
      change(user, hash, {
        includeByokInLimit: byok === undefined ? undefined : oneOf(byok, ["counts", "free"], "byok") === "counts",
        limit: limit === undefined ? undefined : limit === "none" ? null : parseUsd(limit),
        reset: reset === undefined ? undefined : oneOf(reset, RESETS, "reset"),
      }),
  ),
  change: command(
    "Give a key another name, expiry (--expires never lifts it) or models (slugs with commas between, or all).",
    {
      user: { type: "string" },
      hash: { type: "string" },
      name: { type: "string" },
      expires: { type: "string" },
      models: { type: "string" },
    },
    ({ user, hash, name, expires, models }) =>
      change(user, hash, {
        ...(name !== undefined && { name }),
        ...(expires !== undefined && { expiresAt: expires === "never" ? null : dateOf(expires) }),
        ...(models !== undefined && { allowedModels: models === "all" ? null : modelsOf(models) }),
      }),
  ),
  rotate: command(
    "Give a key a new secret, printed once; the old one is good for --hours more (24; 720 at most). Limit and counters stay.",
    { user: { type: "string" }, hash: { type: "string" }, hours: { type: "string" } },
    async ({ user, hash, hours }) => {
      const { accountId } = await userByEmail(user);
      const overlap = wholeNumber(hours ?? "24", "hours") ?? 24;
      const rotated = await rotateKey(accountId, required(hash, "hash"), overlap * 3_600_000);
      if (!rotated) throw new Error("the user has no such key");
      return { key: rotated.key, oldKeyUntil: rotated.until, ...view(rotated.row) };
    },
  ),
  disable: command("Disable a key.", { user: { type: "string" }, hash: { type: "string" } }, ({ user, hash }) =>
    change(user, hash, { disabled: true }),
  ),
  enable: command("Enable a key.", { user: { type: "string" }, hash: { type: "string" } }, ({ user, hash }) =>
    change(user, hash, { disabled: false }),
  ),
  delete: command("Delete a key.", { user: { type: "string" }, hash: { type: "string" } }, async ({ user, hash }) => {
    const { accountId } = await userByEmail(user);
    if (!(await removeKey(accountId, required(hash, "hash")))) throw new Error("the user has no such key");
    return { hash, deleted: true };
  }),
};

async function change(user: string | undefined, hash: string | undefined, wanted: Parameters<typeof changeKey>[2]) {
  const { accountId } = await userByEmail(user);
  const key = await changeKey(accountId, required(hash, "hash"), wanted);
  if (!key) throw new Error("the user has no such key");
  return view(key);
}

const modelsOf = (slugs: string) => slugs.split(",").map((slug) => slug.trim());

const view = (key: ApiKey) => ({
  hash: key.hash,
  label: key.label,
  name: key.name,
  kind: key.kind,
  limit: key.limitNano === null ? null : formatUsd(key.limitNano),
  reset: key.reset,
  includeByokInLimit: key.includeByokInLimit,
  allowedModels: key.allowedModels,
  disabled: key.disabled,
  expiresAt: key.expiresAt,
  createdAt: key.createdAt,
});
