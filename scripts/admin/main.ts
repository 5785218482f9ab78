import { localSettings } from "../local-database.mjs";
import type { Command } from "./command";

/** `npm run -s admin -- <noun> <verb> [--options] --json`: one JSON value on standard output, or an error and exit code 1. */
async function main([noun = "", verb = "", ...args]: string[]): Promise<void> {
  const settings = await localSettings();
  Object.assign(process.env, settings.env);
  process.env.LOG_LEVEL ??= "error";
  try {
    const commands = await load();
    const found = commands[noun]?.[verb];
    if (!found) throw new Error(manual(commands, noun, verb));
    const value = await found.call(args);
    process.stdout.write(`${JSON.stringify(value ?? null, asText, 2)}\n`);
  } finally {
    const { closeDatabase } = await import("@/db/client");
    await closeDatabase().catch(() => {});
    await settings.stop();
  }
}

/** Loaded late: the settings must be in place before anything reads them. */
async function load(): Promise<Record<string, Record<string, Command>>> {
  const [users, keys, secrets, catalogue, money, codes, payments, alerts] = await Promise.all([
    import("./users"),
    import("./keys"),
    import("./secrets"),
    import("./catalogue"),
    import("./money"),
    import("./codes"),
    import("./payments"),
    import("./alerts"),
  ]);
  return {
    user: users.userCommands,
    key: keys.keyCommands,
    secrets: secrets.secretCommands,
    provider: catalogue.providerCommands,
    model: catalogue.modelCommands,
    endpoint: catalogue.endpointCommands,
    money: money.moneyCommands,
    code: codes.codeCommands,
    payment: payments.paymentCommands,
    alert: alerts.alertCommands,
  };
}

function manual(commands: Record<string, Record<string, Command>>, noun: string, verb: string): string {
  const lines = Object.entries(commands).flatMap(([name, verbs]) =>
    Object.entries(verbs).map(([action, { summary, usage }]) => `  ${name} ${action} ${usage}\n      ${summary}`),
  );
  const said = noun ? `there is no command "${noun} ${verb}".` : "name a command.";
  return `${said}\n\nadmin <noun> <verb> [--options] --json\n\n${lines.join("\n")}`;
}

const asText = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);

/** A driver's message may list parameters, and those may be secrets: only its first line's cause is shown. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return error.name === "DrizzleQueryError" ? cause.message : error.message;
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${sentence(error)}\n`);
  process.exitCode = 1;
});
