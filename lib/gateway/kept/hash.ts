import { createHash } from "node:crypto";

/** A name for something that may be long or secret: equal for what is equal as JSON, fields in their order. */
export const hashOf = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("hex");
