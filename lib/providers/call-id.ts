import { randomUUID } from "node:crypto";

/** An id for a tool call that came without one, in the form of OpenAI's. */
export const newCallId = () => `call_${randomUUID().replaceAll("-", "").slice(0, 24)}`;
