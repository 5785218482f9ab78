import { env } from "@/lib/env";
import type { Mail } from "@/lib/mail";

export const product = () => env().APP_NAME ?? "OpenRouter, self-hosted";

/** Links lead to APP_URL and never to a host that a request named. */
const link = (path: string, token: string) => `${new URL(path, env().APP_URL).href}?token=${token}`;

const IGNORE = "If that was not you, ignore this message: nothing happens.";

export const signUpMail = (to: string, token: string): Mail => ({
  to,
  subject: `Create your account at ${product()}`,
  text: `Someone, we hope you, wants to create an account at ${product()} with this address.\n\nGo on here, within a day:\n${link("/verify", token)}\n\n${IGNORE}\n`,
});

export const takenMail = (to: string): Mail => ({
  to,
  subject: `You have an account at ${product()}`,
  text: `Someone, we hope you, wants to create an account at ${product()} with this address. There is one already.\n\nSign in here:\n${new URL("/sign-in", env().APP_URL).href}\n\nIf you forgot the password, ask there for a new one. ${IGNORE}\n`,
});

export const verifyMail = (to: string, token: string): Mail => ({
  to,
  subject: `Confirm your address at ${product()}`,
  text: `Confirm that this is the address of your account at ${product()}, within a day:\n${link("/verify", token)}\n\n${IGNORE}\n`,
});

export const magicLinkMail = (to: string, token: string): Mail => ({
  to,
  subject: `Sign in to ${product()}`,
  text: `Sign in to ${product()} here, within 15 minutes:\n${link("/magic-link", token)}\n\nThe link works once. ${IGNORE}\n`,
});

export const resetMail = (to: string, token: string): Mail => ({
  to,
  subject: `A new password for ${product()}`,
  text: `Choose a new password for ${product()} here, within an hour:\n${link("/reset", token)}\n\nThe link works once, and you will be signed out everywhere. ${IGNORE}\n`,
});

export const changedMail = (to: string, what: string): Mail => ({
  to,
  subject: `Your account at ${product()} has changed`,
  text: `${what}\n\nIf that was not you, choose a new password at once:\n${new URL("/forgot", env().APP_URL).href}\n`,
});

export const changeEmailMail = (to: string, from: string, token: string): Mail => ({
  to,
  subject: `Your new address at ${product()}`,
  text: `Somebody who is signed in at ${product()} as ${from} wants to have this address instead.\n\nIf that is you, confirm it here, signed in there, within an hour:\n${link("/email", token)}\n\n${IGNORE}\n`,
});

export const emailTakenMail = (to: string, from: string): Mail => ({
  to,
  subject: `Your address at ${product()}`,
  text: `Somebody who is signed in at ${product()} as ${from} wants to have this address instead. It is that of another account already, so nothing was changed.\n`,
});

export const deletedMail = (to: string): Mail => ({
  to,
  subject: `Your account at ${product()} is deleted`,
  text: `Your account at ${product()} was deleted, and with it your keys, presets and settings. What was paid and used stays in the books without your name. This is the last message.\n`,
});
