import { LocalTime } from "@/components/local-time";
import { Decision } from "@/components/operator/decision";
import type { Freeze } from "@/db/queries/account-freezes";
import type { Person } from "@/db/queries/people";
import { changeRole, freezeUser, signUserOut, unfreezeUser } from "../actions";

/** What can be decided about a user as a whole. */
export function PersonDecisions({ person: { id, email, role } }: { person: Person }) {
  const input = { userId: id };
  return (
    <>
      <Decision
        label="Freeze"
        title={`Freeze ${email}?`}
        action={freezeUser}
        input={input}
        why="reason"
        done="The account is frozen."
        destructive
      >
        No request of the account is served until the freeze is lifted. What is under way is finished and charged.
      </Decision>
      <Decision
        label="Sign out everywhere"
        title={`Sign ${email} out everywhere?`}
        action={signUserOut}
        input={input}
        done="The sessions have ended."
      >
        Every browser has to sign in again. API keys go on working.
      </Decision>
      {role === "user" ? (
        <Decision
          label="Make an operator"
          title={`Make ${email} an operator?`}
          action={changeRole}
          input={{ ...input, role: "operator" }}
          done="The user is an operator."
          destructive
        >
          An operator sees every account, gives credits and changes prices and providers. The user is signed out
          everywhere and signs in again as one.
        </Decision>
      ) : (
        <Decision
          label="Make a user"
          title={`Take the operator's role from ${email}?`}
          action={changeRole}
          input={{ ...input, role: "user" }}
          done="The user is no operator any more."
          destructive
        >
          The account stays as it is, without the operator's pages. The last operator cannot be removed.
        </Decision>
      )}
    </>
  );
}

const causes = {
  dispute: "A payment is disputed",
  reconciliation: "The books of the account differ",
  operator: "Frozen by an operator",
};

/** Each cause of a freeze, to be lifted for itself. */
export function Freezes({ userId, freezes }: { userId: string; freezes: Freeze[] }) {
  if (freezes.length === 0) return null;
  return (
    <ul className="mt-4 divide-y border-t">
      {freezes.map(({ reason, source, createdAt }) => (
        <li key={`${reason} ${source}`} className="flex flex-wrap items-center justify-between gap-3 py-3 text-sm">
          <div className="min-w-0">
            <p className="font-medium">{causes[reason]}</p>
            <p className="break-all text-muted-foreground">
              {source}, since <LocalTime at={createdAt} />
            </p>
          </div>
          <Decision
            label="Lift"
            title="Lift this freeze?"
            action={unfreezeUser}
            input={{ userId, cause: reason, source }}
            done="The freeze is lifted."
          >
            Once no freeze is left, requests of the account are served again.
          </Decision>
        </li>
      ))}
    </ul>
  );
}
