import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { Operator } from "@/db/operator";
import { AppError, asAppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { requireSameOrigin } from "./same-origin";
import { operatorOf, requireRecentSignIn, requireUser, type SessionUser } from "./session";

/** What a form gets back. `fields` has a sentence for each input that is wrong, by its name. */
export type ActionResult<T> = { ok: true; data: T } | ActionFailure;
/** `confirm`: the user must first prove again who he is, at /confirm. */
export type ActionFailure = { ok: false; message: string; fields?: Record<string, string>; confirm?: true };

type Action<S extends z.ZodObject, T> = (input: z.input<S> | FormData) => Promise<ActionResult<T>>;

/** A server action for whoever is signed in. `work` gets checked input, and throws an AppError to say no. */
export const userAction = <S extends z.ZodObject, T>(
  schema: S,
  work: (input: z.output<S>, user: SessionUser) => Promise<T>,
): Action<S, T> => action(schema, async (input) => work(input, await requireUser()));

/**
 * The same for operators; for everyone else it is not there. What gives money or power, or says where keys go, is
 * `fresh`: a stolen session must not be able to do it.
 */
export const operatorAction = <S extends z.ZodObject, T>(
  schema: S,
  work: (input: z.output<S>, operator: Operator) => Promise<T>,
  { fresh = false } = {},
): Action<S, T> =>
  action(schema, async (input) => {
    const user = await requireUser();
    const operator = await operatorOf(user);
    if (!operator) throw new AppError("not_found", "Not found.");
    if (fresh) requireRecentSignIn(user);
    return work(input, operator);
  });

/** An action of the sign-in pages, for anyone: what it does must be throttled where it is done. */
export const publicAction = <S extends z.ZodObject, T>(
  schema: S,
  work: (input: z.output<S>) => Promise<T>,
): Action<S, T> => action(schema, work);

function action<S extends z.ZodObject, T>(schema: S, work: (input: z.output<S>) => Promise<T>): Action<S, T> {
  const strict = schema.strict();
  return async (given) => {
    try {
      requireSameOrigin(await headers());
      const parsed = strict.safeParse(given instanceof FormData ? fieldsOf(given) : (given ?? {}));
      if (!parsed.success) return refusal(parsed.error);
      return { ok: true, data: await work(parsed.data as z.output<S>) };
    } catch (error) {
      unstable_rethrow(error);
      return failure(error);
    }
  };
}

/** React adds fields of its own to a form. */
const fieldsOf = (form: FormData) => Object.fromEntries([...form].filter(([name]) => !name.startsWith("$ACTION_")));

function refusal({ issues }: z.ZodError): ActionFailure {
  const fields: Record<string, string> = {};
  for (const { path, message } of issues) if (path.length > 0) fields[path.join(".")] ??= message;
  return Object.keys(fields).length > 0
    ? { ok: false, message: "Check what you entered.", fields }
    : { ok: false, message: "The request is not one this form sends." };
}

function failure(thrown: unknown): ActionFailure {
  const error = asAppError(thrown);
  if (error.status >= 500) log().error({ type: error.type, err: error.cause ?? error }, error.message);
  const { fields, confirm } = error.metadata as Pick<ActionFailure, "fields" | "confirm">;
  const message = error.type === "server" ? "Something went wrong on our side. Try again." : error.message;
  return { ok: false, message, ...(fields && { fields }), ...(confirm && { confirm }) };
}
