import { type App, eventually } from "../app";
import { type ScriptedUpstream, startScriptedUpstream } from "../scripted-upstream";

/** Models that say what a test wants them to, by what their upstream does. A million tokens for a dollar, or for two. */
const MODELS = {
  "test/echo": { name: "Echo", does: "repeats" },
  "test/second-echo": { name: "Second Echo", does: "repeats" },
  "test/slow": { name: "Slow", does: "three-seconds" },
  "test/seer": { name: "Seer", does: "describes" },
  "test/thinker": { name: "Thinker", does: "thinks-first" },
  "test/caller": { name: "Caller", does: "calls-a-tool" },
  "test/dying": { name: "Dying", does: "dies-midway" },
  "test/broken": { name: "Broken", does: "breaks" },
};

export async function addScriptedModels(app: App): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream();
  const provider = ["--slug", "scripted", "--name", "Scripted", "--kind", "openai", "--api-key", "sk-scripted"];
  await app.admin("provider", "add", ...provider, "--base-url", upstream.baseUrl);
  await app.sql`insert into companies values ('test', 'Test')`;
  for (const [slug, { name, does }] of Object.entries(MODELS)) {
    await app.sql`
      insert into models (slug, company_slug, name, context_length, input_modalities)
      values (${slug}, 'test', ${name}, 100000, '{text,image,file}')`;
    await app.sql`
      with endpoint as (
        insert into endpoints (model_slug, provider_slug, upstream_model, context_length, max_output, supported_parameters)
        values (${slug}, 'scripted', ${does}, 100000, 4096, '{temperature,tools,reasoning}') returning id)
      insert into endpoint_prices (endpoint_id, prompt_pico, completion_pico) select id, 1000000, 2000000 from endpoint`;
  }
  await eventually(
    async () => (await fetch(`${app.url}/api/v1/models`)).text(),
    (models) => models.includes("test/broken"),
  );
  return upstream;
}
