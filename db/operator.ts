import { sql } from "drizzle-orm";
import { AppError } from "@/lib/errors";
import { type Database, db } from "./client";
import { type Actor, type AuditEntry, recordAudit } from "./queries/audit";

/** What a decision changed, as the audit log keeps it. Who decided is known already. */
export type Note = Omit<AuditEntry, keyof Actor>;

/**
 * Proof that whoever asks is an operator. What reads or changes what is other people's takes one and goes through it to
 * the database: without one there is no way there. Only a live session's role and the command line make one.
 */
export class Operator {
  readonly #actor: Actor;

  private constructor(actor: Actor) {
    this.#actor = actor;
  }

  /** Undefined for anyone else. The role is that of the session's row, read at this request. */
  static ofSession(person: { userId: string; role: string }, address: string | null): Operator | undefined {
    return person.role === "operator" ? new Operator({ actor: "user", actorId: person.userId, address }) : undefined;
  }

  /** Whoever may run commands beside the database may do anything to it. */
  static atTheCommandLine = () => new Operator({ actor: "operator-cli" });

  get actor(): Actor {
    return this.#actor;
  }

  get database(): Database {
    return db();
  }

  /**
   * Does what the operator decided, and writes that he did: both or neither. `note` null: there was nothing to change.
   * @throws AppError `not_found` when he is an operator no longer
   */
  decide<T>(work: (tx: Database) => Promise<{ value: T; note: Note | null }>): Promise<T> {
    return db().transaction(async (tx) => {
      await this.#stillOne(tx);
      const { value, note } = await work(tx);
      if (note) await recordAudit({ ...this.#actor, ...note }, tx);
      return value;
    });
  }

  async #stillOne(tx: Database): Promise<void> {
    const { actor, actorId } = this.#actor;
    if (actor !== "user") return;
    const found = await tx.execute(
      sql`select 1 from users where id = ${actorId} and role = 'operator' and disabled_at is null for share`,
    );
    if (found.length === 0) throw new AppError("not_found", "Not found.");
  }
}
