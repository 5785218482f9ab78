import { db } from "@/db/client";
import {
  assignGuardrail,
  deleteGuardrail,
  findGuardrail,
  type Guardrail,
  type GuardrailChange,
  insertGuardrail,
  unassignGuardrail,
  updateGuardrail,
} from "@/db/queries/guardrails";
import { AppError } from "@/lib/errors";
import { forgetAccount } from "./authenticate";

const MOST_AN_ACCOUNT = 100;

/** What is made or changed here acts at once in this process, and within 5 s in others; a budget everywhere at once. */
export async function addGuardrail(accountId: string, row: { name: string } & GuardrailChange): Promise<Guardrail> {
  const rules = Object.fromEntries(Object.entries(row.rules ?? {}).filter(([, rule]) => rule !== null));
  const made = await insertGuardrail(db(), { ...row, rules, accountId }, MOST_AN_ACCOUNT);
  if (!made) throw new AppError("invalid_request", `An account has at most ${MOST_AN_ACCOUNT} guardrails.`);
  return made;
}

/** Undefined when the account has no such guardrail. */
export async function changeGuardrail(
  accountId: string,
  id: string,
  change: GuardrailChange,
): Promise<Guardrail | undefined> {
  if (!(await updateGuardrail(accountId, id, change))) return undefined;
  forgetAccount(accountId);
  return findGuardrail(db(), accountId, id);
}

/** Its keys are without one then. */
export async function removeGuardrail(accountId: string, id: string): Promise<boolean> {
  if ((await unassignGuardrail(accountId, id, null)) === undefined) return false;
  forgetAccount(accountId);
  return deleteGuardrail(db(), accountId, id);
}

/** Gives keys the guardrail, in the place of any other; undefined when the account has not all of them, or no such guardrail. */
export async function guardKeys(accountId: string, id: string, hashes: string[]): Promise<number | undefined> {
  const assigned = await assignGuardrail(accountId, id, hashes);
  forgetAccount(accountId);
  return assigned;
}

/** Takes it from keys; undefined when the account has no such guardrail. */
export async function unguardKeys(accountId: string, id: string, hashes: string[]): Promise<number | undefined> {
  const removed = await unassignGuardrail(accountId, id, hashes);
  forgetAccount(accountId);
  return removed;
}
