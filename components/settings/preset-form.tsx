"use client";

import Link from "next/link";
import { useState } from "react";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Textarea } from "../ui/textarea";

type Typed = { slug: string; model: string; systemPrompt: string; settings: string };

/** A preset, which with a `slug` is there already. */
export function PresetForm({
  models,
  save,
  ...given
}: Omit<Typed, "slug"> & { slug?: string; models: string[]; save: Action<Typed> }) {
  const [typed, setTyped] = useState<Typed>({ ...given, slug: given.slug ?? "" });
  const change = (part: Partial<Typed>) => setTyped({ ...typed, ...part });
  const { run, pending, failure } = useAction(save, () => {});
  const wrong = failure?.fields ?? {};
  return (
    <Form onSubmit={() => run(typed)} className="max-w-2xl">
      <ActionFailure failure={failure} />
      {given.slug === undefined && (
        <Field label="Name" error={wrong.slug} hint="Letters, digits, dots, dashes and underscores.">
          <Input
            value={typed.slug}
            onChange={(event) => change({ slug: event.target.value })}
            maxLength={64}
            placeholder="brief-writer"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
      )}
      <Field label="Model" error={wrong.model} hint="Empty: the one that the request names beside the preset.">
        <Input
          value={typed.model}
          onChange={(event) => change({ model: event.target.value })}
          list="preset-models"
          placeholder="company/model"
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
        />
      </Field>
      <datalist id="preset-models">
        {models.map((slug) => (
          <option key={slug} value={slug} />
        ))}
      </datalist>
      <Field
        label="System prompt"
        error={wrong.systemPrompt}
        hint="For requests that bring no instructions of their own."
      >
        <Textarea
          value={typed.systemPrompt}
          onChange={(event) => change({ systemPrompt: event.target.value })}
          className="max-h-96"
        />
      </Field>
      <Field
        label="Further settings"
        error={wrong.settings}
        hint="Fields of a request, in JSON: temperature, max_tokens, provider, reasoning, tools and the like."
      >
        <Textarea
          value={typed.settings}
          onChange={(event) => change({ settings: event.target.value })}
          placeholder={'{\n  "temperature": 0.2\n}'}
          spellCheck={false}
          className="max-h-96 font-mono text-[13px]"
        />
      </Field>
      <div className="flex gap-2">
        <Button type="submit" disabled={pending}>
          {given.slug === undefined ? "Create the preset" : "Save a new version"}
        </Button>
        <Button variant="outline" asChild>
          <Link href="/settings/presets">Cancel</Link>
        </Button>
      </div>
    </Form>
  );
}
