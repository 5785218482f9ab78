import { readFileSync } from "node:fs";

export type Instruction = { name: string; text: string };

/** The Dockerfile's stages, each a list of its instructions; a line that ends in a backslash goes on in the next. */
export function stagesOf(file = "Dockerfile"): Instruction[][] {
  const lines = readFileSync(file, "utf8")
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n");
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name, text] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
    if (!name || !text) continue;
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, text });
  }
  return stages;
}

export const textsOf = (stage: Instruction[], name: string) =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** `ENV A=1 B=2` as settings. */
export const settingsOf = (stage: Instruction[]): Record<string, string> =>
  Object.fromEntries(textsOf(stage, "ENV").flatMap((text) => text.split(" ").map((pair) => pair.split("=", 2))));

/** The paths that a stage copies from another, or from the context. */
export const copiesOf = (stage: Instruction[]) =>
  textsOf(stage, "COPY").map((text) => {
    const words = text.split(" ").filter((word) => !word.startsWith("--"));
    return { from: words.slice(0, -1), to: words.at(-1) ?? "", stage: /--from=(\w+)/.exec(text)?.[1] };
  });

/** What .dockerignore lets through, of the top of the project. */
export const contextOf = () =>
  [...readFileSync(".dockerignore", "utf8").matchAll(/^!(.+)$/gm)].map(([, path]) => path ?? "");
