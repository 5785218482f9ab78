import { expect } from "vitest";
import { type App, type Customer, eventually, startApp } from "../../app";

/** One model for each wire format that an upstream may speak, as the catalogue that is shipped has them. */
export const FORMATS = [
  { format: "OpenAI", model: "openai/gpt-4o-mini", provider: "OpenAI" },
  { format: "Anthropic", model: "anthropic/claude-sonnet-4.5", provider: "Anthropic" },
  { format: "Gemini", model: "google/gemini-2.5-flash", provider: "Google AI Studio" },
] as const;

export type Served = {
  app: App;
  customer: Customer;
  /** What clients take as their base URL. */
  baseURL: string;
  /** The log's row of a generation, once it is written, with what the ledger took for it (nano-USD). */
  booked: (id: string) => Promise<Booked>;
  /** Checks that the books agree, and stops the server. */
  close: () => Promise<void>;
};

export type Booked = {
  outcome: string;
  charged: string | null;
  output_tokens: number;
  reasoning_tokens: number;
  usage_source: string;
  error_type: string | null;
};

/** The built server with one customer, in front of upstreams that stand in for the three providers. */
export async function serve(upstreams: { openai: string; anthropic: string; google: string }): Promise<Served> {
  const app = await startApp({
    env: {
      OPENAI_API_KEY: "stand-in",
      OPENAI_BASE_URL: upstreams.openai,
      ANTHROPIC_API_KEY: "stand-in",
      ANTHROPIC_BASE_URL: upstreams.anthropic,
      GOOGLE_API_KEY: "stand-in",
      GOOGLE_GEMINI_BASE_URL: upstreams.google,
    },
  });
  return {
    app,
    customer: await app.customer("100"),
    baseURL: `${app.url}/api/v1`,
    booked: (id) => booked(app, id),
    async close() {
      expect(await app.admin("money", "check")).toMatchObject({ ok: true });
      await app.stop();
    },
  };
}

async function booked(app: App, id: string): Promise<Booked> {
  const row = await eventually(
    async () =>
      (
        await app.sql<Booked[]>`
          select g.outcome, g.output_tokens, g.reasoning_tokens, g.usage_source, g.error_type, -l.amount_nano as charged
            from generations g left join ledger l on l.source = 'generation' and l.source_id = g.id where g.id = ${id}`
      )[0],
    (found) => found !== undefined,
  );
  if (!row) throw new Error(`${id} was never booked`);
  return row;
}

/** Dollars as a client reads them, in the ledger's unit. */
export const nanos = (dollars: number | null | undefined) => Math.round((dollars ?? Number.NaN) * 1e9).toString();
