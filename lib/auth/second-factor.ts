import { createHash, randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { renderSVG } from "uqr";
import { db } from "@/db/client";
import {
  deleteAuthenticator,
  findAuthenticator,
  insertAuthenticator,
  replaceRecoveryCodes,
  takeRecoveryCode,
  takeStep,
} from "@/db/queries/authenticators";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { seal, unseal } from "@/lib/seal";
import { forgetAttempts, requireAttempt } from "./throttle";

const PERIOD_SECONDS = 30;
/** A clock may be half a minute off, either way. */
const STEPS_OFF = 1;
const CODES = 10;

export async function hasSecondFactor(userId: string): Promise<boolean> {
  return Boolean((await findAuthenticator(db(), userId))?.confirmedAt);
}

/** A new secret, as a picture and as text. It counts for nothing until `confirmAuthenticator` saw a code of it. */
export async function beginAuthenticator({ userId, email }: { userId: string; email: string }) {
  const secret = new Secret({ size: 20 });
  if (!(await insertAuthenticator(db(), userId, seal(secret.base32, owner(userId))))) throw alreadyOn();
  const uri = generator(secret, email).toString();
  return { secret: secret.base32, picture: renderSVG(uri, { border: 2 }) };
}

/** Turns two-factor sign-in on, and returns the recovery codes: they are not shown again. */
export async function confirmAuthenticator(userId: string, code: string): Promise<string[]> {
  await requireAttempt(["codeOfAccount", userId]);
  if (!(await takeCode(userId, code, true))) throw wrongCode();
  await forgetAttempts("codeOfAccount", userId);
  return renewRecoveryCodes(userId);
}

export async function renewRecoveryCodes(userId: string): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newRecoveryCode);
  await replaceRecoveryCodes(
    db(),
    userId,
    codes.map((code) => hashCode(userId, code)),
  );
  return codes;
}

export const removeAuthenticator = (userId: string) => deleteAuthenticator(db(), userId);

/** Takes a code of the authenticator or a recovery code, each of them once. @throws AppError `invalid_request`, `rate_limit_exceeded` */
export async function requireCode(userId: string, text: string): Promise<void> {
  await requireAttempt(["codeOfAccount", userId]);
  const code = text.replace(/[\s-]/g, "").toUpperCase();
  const taken = /^\d{6}$/.test(code)
    ? await takeCode(userId, code, false)
    : await takeRecoveryCode(db(), userId, hashCode(userId, code));
  if (!taken) throw wrongCode();
  await forgetAttempts("codeOfAccount", userId);
}

async function takeCode(userId: string, code: string, confirming: boolean): Promise<boolean> {
  const authenticator = await findAuthenticator(db(), userId);
  if (!authenticator) return false;
  const secret = Secret.fromBase32(unseal(authenticator.sealedSecret, owner(userId)));
  const now = Date.now();
  const off = generator(secret, "").validate({ token: code.replace(/\s/g, ""), timestamp: now, window: STEPS_OFF });
  if (off === null) return false;
  return takeStep(db(), userId, Math.floor(now / 1000 / PERIOD_SECONDS) + off, confirming);
}

const owner = (userId: string) => `authenticators.sealed_secret.${userId}`;

const generator = (secret: Secret, label: string) =>
  new TOTP({ issuer: env().APP_NAME ?? "OpenRouter, self-hosted", label, secret, period: PERIOD_SECONDS });

/** Eighty random bits, so that its plain hash is of no use to a thief. */
const newRecoveryCode = () =>
  (new Secret({ buffer: new Uint8Array(randomBytes(10)).buffer }).base32.match(/.{4}/g) ?? []).join("-");

const hashCode = (userId: string, code: string) =>
  createHash("sha256")
    .update(`${userId}:${code.replace(/-/g, "")}`)
    .digest("hex");

const wrongCode = () => {
  const message = "That is not the code, or it was used already. Wait for the next one.";
  return new AppError("invalid_request", message, { metadata: { fields: { code: message } } });
};

const alreadyOn = () => new AppError("conflict", "Two-factor sign-in is on already. Turn it off first.");
