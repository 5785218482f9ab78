import type { ComponentProps } from "react";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import { EFFORTS, type Settings } from "./chat";
import { type ChatModel, ignorantOf } from "./chat-model";
import { readSettings } from "./read-settings";

type Props = { settings: Settings; models: ChatModel[]; onChange: (settings: Settings) => void };

const NUMBERS = [
  { field: "temperature", label: "Temperature", hint: "0 to 2: how freely words are chosen." },
  { field: "topP", label: "Top P", hint: "0 to 1: only the likeliest words, up to this share." },
  { field: "maxTokens", label: "Maximum of tokens", hint: "Where an answer is cut off. It also bounds the cost." },
  { field: "seed", label: "Seed", hint: "The same number makes the same answer likelier." },
] as const;

export function SettingsFields({ settings, models, onChange }: Props) {
  const { errors } = readSettings(settings);
  const bind = (field: keyof Settings) => ({
    value: settings[field],
    onChange: ({ target }: { target: { value: string } }) => onChange({ ...settings, [field]: target.value }),
  });
  /** The hint, and who takes no notice; the latter only once something is set. */
  const hintOf = (field: keyof Settings, hint?: string) => {
    const ignorant = settings[field] && settings[field] !== "text" ? ignorantOf(field, models) : [];
    return ignorant.length > 0 ? `${ignorant.join(", ")}: takes no notice of it.` : hint;
  };

  return (
    <div className="grid gap-5 px-4 py-4">
      <Field label="System prompt" hint="Said to the model before the conversation.">
        <Textarea className="max-h-64" {...bind("system")} />
      </Field>
      <div className="grid grid-cols-1 gap-5 sm:grid-cols-2">
        {NUMBERS.map(({ field, label, hint }) => (
          <Field key={field} label={label} hint={hintOf(field, hint)} error={errors[field]} className="content-start">
            <Input inputMode="decimal" autoComplete="off" {...bind(field)} />
          </Field>
        ))}
      </div>
      <Field label="Reasoning effort" hint={hintOf("effort", "How long the model thinks before it answers.")}>
        <Choice {...bind("effort")}>
          <option value="">As the model does</option>
          {EFFORTS.map((effort) => (
            <option key={effort}>{effort}</option>
          ))}
        </Choice>
      </Field>
      <Field label="Response format" hint={hintOf("format")}>
        <Choice {...bind("format")}>
          <option value="text">Text</option>
          <option value="json_object">Any JSON object</option>
          <option value="json_schema">JSON of a schema</option>
        </Choice>
      </Field>
      {settings.format === "json_schema" && (
        <Field label="JSON schema" error={errors.schema}>
          <Json placeholder='{"type": "object", "properties": {"city": {"type": "string"}}}' {...bind("schema")} />
        </Field>
      )}
      <Field
        label="Tools"
        hint={hintOf("tools", "JSON: a list of functions. You answer what a model calls; nothing is run.")}
        error={errors.tools}
      >
        <Json
          placeholder={'[{"name": "weather", "description": "…",\n  "parameters": {"type": "object"}}]'}
          {...bind("tools")}
        />
      </Field>
    </div>
  );
}

const Choice = (props: ComponentProps<"select">) => (
  <select
    className="h-9 w-full rounded-md border border-input bg-background px-2 text-sm outline-none focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/30"
    {...props}
  />
);

const Json = (props: ComponentProps<typeof Textarea>) => (
  <Textarea spellCheck={false} className="max-h-72 min-h-24 font-mono text-[13px]" {...props} />
);
