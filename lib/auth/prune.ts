import { db } from "@/db/client";
import { deleteLapsed } from "@/db/queries/auth-tokens";

/** Clears away sessions, links and counters that have lapsed. None of them counts any more before that. */
export const prune = () => deleteLapsed(db());
