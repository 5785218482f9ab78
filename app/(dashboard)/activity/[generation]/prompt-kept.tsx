import { DeletePrompt } from "@/components/settings/delete-prompt";
import { readPrompt } from "@/lib/gateway/prompt-log";
import { deletePrompts } from "../../settings/prompts/actions";
import { Section } from "./section";

/** What was asked and answered, where the account has it kept. */
export async function PromptKept({ accountId, generation }: { accountId: string; generation: string }) {
  const kept = await readPrompt(accountId, generation);
  if (!kept) return null;
  return (
    <Section title="What was asked and answered">
      {kept === "unreadable" ? (
        <p className="text-sm text-muted-foreground">
          It was sealed with a key that this server does not have any more, so that it cannot be shown.
        </p>
      ) : (
        <div className="grid gap-4">
          {kept.isCut && (
            <p className="text-sm text-muted-foreground">It was too long to be kept whole: what is here is cut off.</p>
          )}
          <Text title="The request">{kept.request}</Text>
          {kept.answer === null ? (
            <p className="text-sm text-muted-foreground">Nothing was answered, or nothing that is text.</p>
          ) : (
            <Text title="The answer">{kept.answer}</Text>
          )}
        </div>
      )}
      <DeletePrompt generation={generation} remove={deletePrompts} />
    </Section>
  );
}

function Text({ title, children }: { title: string; children: string }) {
  return (
    <figure className="min-w-0">
      <figcaption className="mb-1 text-[13px] text-muted-foreground">{title}</figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0} className="max-h-96 overflow-auto rounded-lg border bg-muted/40 p-3 font-mono text-[13px]">
        {indented(children)}
      </pre>
    </figure>
  );
}

/** As it is where it was cut off. */
function indented(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
