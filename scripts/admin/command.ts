import { type ParseArgsConfig, parseArgs } from "node:util";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<O extends Options> = {
  [K in keyof O]: O[K]["type"] extends "boolean"
    ? boolean | undefined
    : O[K]["multiple"] extends true
      ? string[] | undefined
      : string | undefined;
};

/** One `noun verb` of the command line. What `run` returns is printed as JSON; what it throws, as a sentence. */
export type Command = { summary: string; usage: string; call: (args: string[]) => Promise<unknown> };

export function command<const O extends Options>(
  summary: string,
  options: O,
  run: (values: Values<O>) => Promise<unknown>,
): Command {
  const names = Object.entries(options).map(([name, { type }]) => (type === "boolean" ? `[--${name}]` : `--${name} …`));
  return {
    summary,
    usage: names.join(" "),
    call: async (args) => {
      const { values } = parseArgs({
        args,
        options: { ...options, json: { type: "boolean" } },
        strict: true,
        allowPositionals: false,
      });
      return run(values as unknown as Values<O>);
    },
  };
}

/** @throws Error with a sentence for the operator */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new Error(`--${option} is needed`);
  return value;
}

export function oneOf<const T extends string>(value: string, choices: readonly T[], option: string): T {
  const choice = choices.find((candidate) => candidate === value);
  if (!choice) throw new Error(`--${option} must be one of ${choices.join(", ")}`);
  return choice;
}

export function wholeNumber(value: string | undefined, option: string): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) throw new Error(`--${option} must be a whole number`);
  return Number(value);
}

const LONGEST_MS = 3_600_000;

/** Undefined where nothing was said, null for what is usual; up to an hour. */
export function millisecondsOrUsual(value: string | undefined, option: string): number | null | undefined {
  if (value === "usual") return null;
  const milliseconds = wholeNumber(value, option);
  if (milliseconds !== undefined && (milliseconds < 1 || milliseconds > LONGEST_MS))
    throw new Error(`--${option} must be from 1 to ${LONGEST_MS} milliseconds, or usual`);
  return milliseconds;
}

/** Undefined where nothing was said, null where it is said that nobody knows. */
export function yesNoUnknown(value: string | undefined, option: string): boolean | null | undefined {
  if (value === undefined) return undefined;
  const answer = oneOf(value, ["yes", "no", "unknown"], option);
  return answer === "unknown" ? null : answer === "yes";
}

export function dateOf(text: string, option = "expires"): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Error(`--${option} must be a date, such as 2027-01-31T00:00:00Z`);
  return date;
}
