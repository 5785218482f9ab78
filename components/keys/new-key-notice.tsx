"use client";

import { CodeSample } from "../code-sample";
import { CopyButton } from "../ui/copy-button";
import { Input } from "../ui/input";

export type ShownKey = { key: string; kind: "inference" | "management" };

/** A key that can be seen this once, and what to do with it. `origin` is this server's address. */
export function NewKeyNotice({
  shown: { key, kind },
  origin,
  model,
}: {
  shown: ShownKey;
  origin: string;
  model: string;
}) {
  return (
    <div className="grid min-w-0 gap-4">
      <div className="flex min-w-0 gap-2">
        <Input readOnly value={key} aria-label="The new key" className="font-mono text-[13px]" onFocus={selectAll} />
        <CopyButton value={key} variant="outline" className="h-9 text-foreground">
          Copy
        </CopyButton>
      </div>
      <CodeSample label="As an environment variable" code={`export OPENROUTER_API_KEY="${key}"`} />
      <CodeSample
        label={kind === "inference" ? "A first call" : "Your keys, by API"}
        code={call(kind, origin, model)}
      />
    </div>
  );
}

const selectAll = (event: { currentTarget: HTMLInputElement }) => event.currentTarget.select();

function call(kind: ShownKey["kind"], origin: string, model: string) {
  const authorization = '-H "Authorization: Bearer $OPENROUTER_API_KEY"';
  if (kind === "management") return `curl ${origin}/api/v1/keys \\\n  ${authorization}`;
  return `curl ${origin}/api/v1/chat/completions \\
  ${authorization} \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;
}
