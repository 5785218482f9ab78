import { hash } from "@node-rs/argon2";

/** argon2id with 19 MiB and two passes. The text is normalised, so that a password is the same on every keyboard. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const hashPassword = (password: string) => hash(password.normalize("NFKC"), COST);
