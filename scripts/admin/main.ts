import { localSettings } from "../local-database.mjs";
import type { Command } from "./command";

/** `npm run -s admin -- <noun> <verb> [--options] --json`: one JSON value on standard output, or an error and exit code 1. */
async function main([noun = "", verb = "", ...args]: string[]): Promise<void> {
  const settings = await localSettings();
  Object.assign(process.env, settings.env);
  process.env.LOG_LEVEL ??= "error";
  try {
    const commands = await load();
    if ([noun, verb, ...args].some((word) => word === "--help" || word === "help")) {
      process.stdout.write(`${help(commands, noun, verb)}\n`);
      return;
    }
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
async function load(): Promise<Commands> {
  const [users, keys, secrets, catalogue, prices, money, codes, payments, alerts, audit, announcements] =
    await Promise.all([
      import("./users"),
      import("./keys"),
      import("./secrets"),
      import("./catalogue"),
      import("./prices"),
      import("./money"),
      import("./codes"),
      import("./payments"),
      import("./alerts"),
      import("./audit"),
      import("./announcements"),
    ]);
  return {
    user: users.userCommands,
    key: keys.keyCommands,
    secrets: secrets.secretCommands,
    provider: catalogue.providerCommands,
    model: catalogue.modelCommands,
    endpoint: catalogue.endpointCommands,
    price: prices.priceCommands,
    money: money.moneyCommands,
    code: codes.codeCommands,
    payment: payments.paymentCommands,
    alert: alerts.alertCommands,
    circuit: alerts.circuitCommands,
    audit: audit.auditCommands,
    announcement: announcements.announcementCommands,
  };
}

type Commands = Record<string, Record<string, Command>>;

function manual(commands: Commands, noun: string, verb: string): string {
  const said = noun ? `there is no command "${noun} ${verb}".` : "name a command.";
  return `${said}\n\n${help(commands, "", "")}`;
}

/** Of one command, of those about one noun, or of all: as much as is named. */
function help(commands: Commands, noun: string, verb: string): string {
  const lines = Object.entries(commands).flatMap(([name, verbs]) =>
    Object.entries(verbs)
      .filter(([action]) => !commands[noun] || (name === noun && (!commands[noun]?.[verb] || action === verb)))
      .map(([action, { summary, usage }]) => `  ${name} ${action} ${usage}\n      ${summary}`),
  );
  return `admin <noun> <verb> [--options] --json\n\n${lines.join("\n")}`;
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
