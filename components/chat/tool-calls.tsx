import { WrenchIcon } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/textarea";
import { type Answer, newId, type ToolCall, type ToolMessage } from "./chat";

type Props = {
  answer: Answer;
  /** The conversation waits for them. */
  awaited: boolean;
  onResults: (results: ToolMessage[]) => void;
};

/** The tools an answer calls, as it calls them; and, once it has, fields for what they give back. */
export function ToolCalls({ answer, awaited, onResults }: Props) {
  const [texts, setTexts] = useState<Record<string, string>>({});
  if (answer.toolCalls.length === 0) return null;
  const asks = awaited && answer.status !== "streaming";
  const missing = answer.toolCalls.filter(({ id }) => !texts[id]?.trim());

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (missing.length > 0) return;
    onResults(
      answer.toolCalls.map(({ id, name }) => ({ id: newId(), role: "tool", callId: id, name, text: texts[id] ?? "" })),
    );
  };

  return (
    <form onSubmit={send} className="mt-2 grid gap-2">
      {answer.toolCalls.map((call) => (
        <div key={call.index} className="min-w-0 rounded-md border">
          <p className="flex items-center gap-1.5 border-b bg-muted px-2.5 py-1.5 font-mono text-[13px]">
            <WrenchIcon className="size-3.5 text-muted-foreground" aria-label="Tool call" />
            {call.name}
          </p>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
            tabIndex={0}
            className="max-h-72 overflow-auto px-2.5 py-2 text-[13px] whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            {indented(call)}
          </pre>
          {asks && (
            <Field label={`Result of ${call.name}`} className="border-t p-2.5">
              <Textarea
                className="min-h-14 font-mono text-[13px]"
                placeholder='{"temperature": 21}'
                value={texts[call.id] ?? ""}
                onChange={({ target }) => setTexts({ ...texts, [call.id]: target.value })}
              />
            </Field>
          )}
        </div>
      ))}
      {asks && (
        <Button type="submit" size="sm" className="w-fit" disabled={missing.length > 0}>
          {answer.toolCalls.length > 1 ? "Send the results" : "Send the result"}
        </Button>
      )}
    </form>
  );
}

export function ToolResult({ result: { name, text } }: { result: ToolMessage }) {
  return (
    <article aria-label={`Result of ${name}`} className="min-w-0 rounded-md border px-2.5 py-2">
      <p className="text-xs text-muted-foreground">
        Result of <span className="font-mono">{name}</span>
      </p>
      <pre className="mt-1 text-[13px] whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</pre>
    </article>
  );
}

/** While arguments still come they are no JSON, and are shown as they are. */
function indented({ arguments: text }: ToolCall): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
