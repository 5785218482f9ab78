import { db } from "@/db/client";
import {
  claimKeysAtLimit,
  claimLowBalances,
  type KeyAtLimit,
  type LowBalance,
  unclaimKeyAtLimit,
  unclaimLowBalance,
} from "@/db/queries/notices";
import { product } from "@/lib/auth/mails";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { type Mail, mailWorks, sendMail } from "@/lib/mail";
import { formatUsd } from "@/lib/money";

/** Per cent of a key's limit. It is never exceeded, so that the last requests are refused somewhat below it. */
const SHARES = [80, 99] as const;
const MOST_AT_ONCE = 100;

/**
 * Tells by mail whose balance is low and whose keys have used up their limits. Any number of replicas do it: each notice is
 * claimed in one statement and told by whoever got it. One that cannot be sent is given back.
 */
export async function tellNotices(): Promise<void> {
  if (!mailWorks()) return;
  for (const low of await claimLowBalances(db(), MOST_AT_ONCE))
    await tell(lowBalanceMail(low), () => unclaimLowBalance(db(), low));
  for (const key of await claimKeysAtLimit(db(), SHARES, MOST_AT_ONCE))
    await tell(keyLimitMail(key), () => unclaimKeyAtLimit(db(), key));
}

async function tell(mail: Mail, giveBack: () => Promise<void>): Promise<void> {
  try {
    await sendMail(mail);
  } catch (err) {
    log().error({ err }, "a notice was not sent");
    await giveBack();
  }
}

const at = (path: string) => new URL(path, env().APP_URL).href;
const END = () => `\n\nYou asked to be told. To change that:\n${at("/settings/notifications")}\n`;

const lowBalanceMail = ({ email, postedNano, belowNano }: LowBalance): Mail => ({
  to: email,
  subject: `Your balance at ${product()} is low`,
  text: `Your balance is $${formatUsd(postedNano)}, below the $${formatUsd(belowNano)} that you named. At zero, requests are refused.\n\nAdd credits:\n${at("/credits")}${END()}`,
});

const resets: Record<string, string> = {
  daily: " It starts anew at midnight, UTC.",
  weekly: " It starts anew on Monday, UTC.",
  monthly: " It starts anew on the 1st, UTC.",
};

const keyLimitMail = ({ email, name, label, share, limitNano, spentNano, reset }: KeyAtLimit): Mail => ({
  to: email,
  subject:
    share < 99
      ? `A key at ${product()} has used ${share} % of its limit`
      : `A key at ${product()} has used up its limit`,
  text: `The key ${oneLine(name)} (${label}) has spent $${formatUsd(spentNano)} of its limit of $${formatUsd(limitNano)}.${resets[reset] ?? ""}${share < 99 ? "" : " Requests that could exceed it are refused."}\n\nYour keys:\n${at("/keys")}${END()}`,
});

const oneLine = (text: string) => text.replace(/\s+/g, " ");
