import type { Operation } from "./operation";

type Asked = { name: string; description: string; schema: object; of: (operation: Operation) => boolean };

/** Only what costs something can be refused for want of credits. */
const costs = ({ errors = [] }: Operation) => errors.includes("payment_required");
const streams = (operation: Operation) => costs(operation) && operation.event !== undefined;
const writes = ({ at, access }: Operation) =>
  !at.startsWith("GET") && (access === "management" || access === "any key");

const text = { type: "string" };
const yes = { type: "string", enum: ["true", "false"] };

/** By which a caller asks something of the gateway itself. */
const HEADERS: readonly Asked[] = [
  {
    name: "Idempotency-Key",
    description: "Do it once: who asks again with the same key and body within 24 hours gets the same answer",
    schema: { type: "string", minLength: 1, maxLength: 255 },
    of: (operation) => costs(operation) || writes(operation),
  },
  {
    name: "X-OpenRouter-Cache",
    description: "Answer from the response cache, where the same was asked before, and keep the answer there",
    schema: yes,
    of: costs,
  },
  {
    name: "X-OpenRouter-Cache-TTL",
    description: "Seconds to keep it for",
    schema: { type: "integer", minimum: 1, maximum: 86_400, default: 300 },
    of: costs,
  },
  { name: "X-OpenRouter-Cache-Clear", description: "Forget what is kept and ask anew", schema: yes, of: costs },
  {
    name: "X-OpenRouter-Resumable",
    description: "Number the events of a stream, so that it can be gone on with after its connection was lost",
    schema: yes,
    of: streams,
  },
  {
    name: "Last-Event-ID",
    description: "The last event that was had",
    schema: text,
    of: ({ id }) => id === "resumeStream",
  },
];

/** The headers that an operation takes, as OpenAPI's parameters. */
export const headerParameters = (operation: Operation) =>
  HEADERS.filter(({ of }) => of(operation)).map(({ name, description, schema }) => ({
    ...{ name, in: "header", description, required: false, schema },
  }));
