import { type App, eventually, startApp } from "../app";
import { startScriptedUpstream } from "../scripted-upstream";

/** The built server on a database, with a model for each behaviour of the scripted upstream; $1 and $2 a million tokens. */
export async function startScriptedApp(
  databaseUrl: string,
  behaviours: string[],
  baseUrl: string,
  env: Record<string, string> = {},
): Promise<App> {
  const app = await startApp({ databaseUrl, env });
  await app.sql`insert into companies (slug, name) values ('test', 'Test') on conflict do nothing`;
  await app.admin("provider", "add", "--slug", "scripted", "--kind", "openai", "--base-url", baseUrl, "--api-key", "k");
  for (const behaviour of behaviours) {
    await app.sql`
      insert into models (slug, company_slug, name, context_length) values (${`test/${behaviour}`}, 'test', ${behaviour}, 100000) on conflict do nothing`;
    const [endpoint] = await app.sql`
      insert into endpoints (model_slug, provider_slug, upstream_model, context_length, max_output, supported_parameters)
      values (${`test/${behaviour}`}, 'scripted', ${behaviour}, 100000, 4096, '{max_tokens}') on conflict do nothing returning id`;
    if (endpoint)
      await app.sql`insert into endpoint_prices (endpoint_id, prompt_pico, completion_pico) values (${endpoint.id}, 1000000, 2000000)`;
  }
  return app;
}

export { eventually, startScriptedUpstream };

/** One completion, to its end. */
export async function complete(url: string, key: string, model: string, stream = false) {
  const started = performance.now();
  const response = await fetch(`${url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream, max_tokens: 200, messages: [{ role: "user", content: "Hello" }] }),
  });
  const id = response.headers.get("x-generation-id") ?? "";
  return { status: response.status, id, text: await response.text(), ms: performance.now() - started };
}

export const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
