import { randomBytes } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

/** argon2id with 19 MiB and two passes. The text is normalised, so that a password is the same on every keyboard. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
export const PASSWORD_LENGTH = { least: 8, most: 256 };

/** Each hash takes 19 MiB and a core: more at once would be a way to bring the process down. */
const AT_ONCE = 4;
const MOST_WAITING = 100;

/** @throws AppError `invalid_request` for a password too short or too long, `service_unavailable` under too many at once */
export async function hashPassword(password: string): Promise<string> {
  const normal = password.normalize("NFKC");
  const length = [...normal].length;
  if (length < PASSWORD_LENGTH.least) throw unfit(`Use at least ${PASSWORD_LENGTH.least} characters.`);
  if (length > PASSWORD_LENGTH.most) throw unfit(`Use at most ${PASSWORD_LENGTH.most} characters.`);
  return inTurn(() => hash(normal, COST));
}

/** Whether it is the password. Where there is none to compare with, it takes as long to say no. */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  const against = passwordHash ?? (await nobodysHash());
  const normal = password.normalize("NFKC");
  const isRight = [...normal].length <= PASSWORD_LENGTH.most && (await inTurn(() => verify(against, normal)));
  return isRight && passwordHash != null;
}

const nobodysHash = () => processWide("nobodys-hash", () => hash(randomBytes(32), COST));

const unfit = (message: string) =>
  new AppError("invalid_request", message, { metadata: { fields: { password: message } } });

type Turns = { running: number; waiting: (() => void)[] };

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turns = processWide<Turns>("password-hashes", () => ({ running: 0, waiting: [] }));
  if (turns.waiting.length >= MOST_WAITING)
    throw new AppError("service_unavailable", "Too many people are signing in. Try again in a moment.", {
      retryAfter: 5,
    });
  if (turns.running >= AT_ONCE) await new Promise<void>((resolve) => turns.waiting.push(resolve));
  else turns.running++;
  try {
    return await work();
  } finally {
    // Whoever waits takes over the turn; it is not given back in between.
    const next = turns.waiting.shift();
    if (next) next();
    else turns.running--;
  }
}
