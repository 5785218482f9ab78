import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FORMATS, type Served, serve } from "../api/clients/served";
import type { Act } from "../api/clients/upstream/acts";
import { type SpeakingUpstream, startSpeakingUpstream } from "../api/clients/upstream/server";

/** Where the agents are installed, once: they come with binaries for one platform, and are no part of this project. */
const INSTALLED = join(tmpdir(), "openrouter-self-hosted-coding-agents");
const AGENTS = { codex: "@openai/codex@0.171.0", opencode: "opencode-ai@1.18.33" };
/** The package of the platform, which the other only links to, and that by a script. */
const CLAUDE_CODE = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
const CLAUDE_CODE_VERSION = "2.1.332";

const PACKAGES = [...Object.values(AGENTS), `${CLAUDE_CODE}@${CLAUDE_CODE_VERSION}`];

const PROOF = "written by a tool";
const COMMAND = `echo ${PROOF} > proof.txt`;
const DONE = "The file is written.";

/** A model that writes a file with the shell it is offered, and says so once it has the result. */
function writesAFile(request: string): Act {
  if (/"tool_result"|"functionResponse"|"role":"tool"/.test(request)) return { text: DONE, end: "finish" };
  const call = (name: string, args: Record<string, unknown>): Act => ({
    call: { name, arguments: args },
    end: "finish",
  });
  if (request.includes('"name":"exec_command"')) return call("exec_command", { cmd: COMMAND });
  if (request.includes('"name":"Bash"')) return call("Bash", { command: COMMAND, description: "Writes a file" });
  if (request.includes('"name":"bash"')) return call("bash", { command: COMMAND, description: "Writes a file" });
  return { text: "A title", end: "finish" };
}

let served: Served;
let upstream: SpeakingUpstream;
let home: string;

beforeAll(async () => {
  await mkdir(INSTALLED, { recursive: true });
  await writeFile(join(INSTALLED, "package.json"), "{}");
  await promisify(execFile)("npm", ["install", "--no-audit", "--no-fund", ...PACKAGES], {
    cwd: INSTALLED,
  });
  home = await mkdtemp(join(tmpdir(), "agent-home-"));
  upstream = await startSpeakingUpstream(writesAFile);
  served = await serve(upstream);
}, 600_000);

afterAll(async () => {
  await served?.close();
  await upstream?.stop();
  await rm(home, { recursive: true, force: true });
});

type Run = { name: string; args: string[]; env: Record<string, string>; at: string };

/** Runs an agent in an empty folder with nothing of the user's around it, and gives what it printed. */
async function run({ name, args, env, at }: Run): Promise<string> {
  const started = promisify(execFile)(join(INSTALLED, "node_modules", ".bin", name), args, {
    ...{ cwd: at, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 },
    env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, NODE_ENV: "test", ...env },
  });
  started.child.stdin?.end();
  const { stdout, stderr } = await started;
  return stdout + stderr;
}

async function emptyFolder(): Promise<string> {
  const at = await mkdtemp(join(home, "work-"));
  await promisify(execFile)("git", ["init", "-q"], { cwd: at });
  return at;
}

async function paidFor(answers: number) {
  const rows = await served.app.sql<{ outcome: string }[]>`
    select outcome from generations where account_id = ${served.customer.accountId}`;
  expect(rows.length).toBeGreaterThanOrEqual(answers);
  expect(rows.every(({ outcome }) => outcome === "completed")).toBe(true);
}

const TASK = "Write a file with the shell.";

describe.each(FORMATS)("on $format", ({ model }) => {
  test("Codex runs a command that the model asked for, and hears its result", async () => {
    const at = await emptyFolder();
    const settings = {
      ...{ model: `"${model}"`, model_provider: '"self"' },
      "model_providers.self.name": '"Self-hosted"',
      "model_providers.self.base_url": `"${served.baseURL}"`,
      "model_providers.self.env_key": '"OPENROUTER_API_KEY"',
      "model_providers.self.wire_api": '"responses"',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const printed = await run({
      ...{ name: "codex", at, env: { OPENROUTER_API_KEY: served.customer.key, CODEX_HOME: home } },
      args: ["exec", "--dangerously-bypass-approvals-and-sandbox", ...args, TASK],
    });
    expect(printed).toContain(DONE);
    expect((await readFile(join(at, "proof.txt"), "utf8")).trim()).toBe(PROOF);
    await paidFor(2);
  });

  test("Claude Code does, in Anthropic's words", async () => {
    const at = await emptyFolder();
    const printed = await run({
      ...{ name: `../${CLAUDE_CODE}/claude`, at },
      env: {
        ANTHROPIC_BASE_URL: `${served.app.url}/api`,
        ANTHROPIC_AUTH_TOKEN: served.customer.key,
        ANTHROPIC_MODEL: model,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      },
      args: ["-p", TASK, "--output-format", "json", "--allowedTools", "Bash"],
    });
    expect(printed).toContain(`"result":"${DONE}"`);
    expect(printed).toMatch(/"total_cost_usd":0\.\d*[1-9]/);
    expect((await readFile(join(at, "proof.txt"), "utf8")).trim()).toBe(PROOF);
    await paidFor(2);
  });

  test("opencode does, too", async () => {
    const at = await emptyFolder();
    const provider = {
      npm: "@openrouter/ai-sdk-provider",
      name: "Self-hosted",
      options: { baseURL: served.baseURL, apiKey: served.customer.key },
      models: { [model]: { name: model, tool_call: true, limit: { context: 100_000, output: 8_000 } } },
    };
    const settings = {
      autoupdate: false,
      share: "disabled",
      permission: { bash: "allow" },
      provider: { self: provider },
    };
    await writeFile(join(at, "opencode.json"), JSON.stringify(settings));
    const printed = await run({
      ...{ name: "opencode", at, env: { OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_AUTOUPDATE: "1" } },
      args: ["run", "--model", `self/${model}`, TASK],
    });
    expect(printed).toContain(DONE);
    expect(existsSync(join(at, "proof.txt"))).toBe(true);
    expect((await readFile(join(at, "proof.txt"), "utf8")).trim()).toBe(PROOF);
    await paidFor(2);
  });
});
