"use client";

import { ActionForm, FormField } from "../auth/action-form";
import type { Action } from "../forms/use-action";
import { FormSelect } from "./form-select";

const KINDS = [
  ["openai", "OpenAI's Chat Completions"],
  ["anthropic", "Anthropic's Messages"],
  ["google", "Google's Gemini"],
] as const;

const YES_NO = [
  ["unknown", "Not known, which counts as yes"],
  ["no", "No"],
  ["yes", "Yes"],
] as const;

const ADDRESS_HINT = "https, at a public address. Empty: the SDK's own.";

export const toAnswer = (known: boolean | null) => (known === null ? "unknown" : known ? "yes" : "no");

/** A provider that is not there yet. */
export function AddProviderForm({ add, confirmAt }: { add: Action<FormData>; confirmAt: string }) {
  return (
    <ActionForm action={add} submit="Add the provider" confirmAt={confirmAt}>
      <FormField
        name="slug"
        label="Slug"
        hint="As callers name it: lower-case letters, digits, dashes."
        autoComplete="off"
      />
      <FormField name="name" label="Name" autoComplete="off" />
      <FormSelect name="kind" label="Speaks" options={[...KINDS]} />
      <FormField name="baseUrl" label="Base URL" hint={ADDRESS_HINT} autoComplete="off" />
      <FormField
        name="apiKey"
        label="Key"
        type="password"
        hint="Kept sealed and never shown again."
        autoComplete="off"
      />
    </ActionForm>
  );
}

/** The address and the key go together: a key is told to no other address than it was given for. */
export function ConnectionForm({
  slug,
  baseUrl,
  connect,
  confirmAt,
}: {
  slug: string;
  baseUrl: string | null;
  connect: Action<FormData>;
  confirmAt: string;
}) {
  return (
    <ActionForm
      action={connect}
      submit="Store both"
      hidden={{ slug }}
      confirmAt={confirmAt}
      done="Stored. Requests go there within five seconds."
    >
      <FormField name="baseUrl" label="Base URL" hint={ADDRESS_HINT} defaultValue={baseUrl ?? ""} autoComplete="off" />
      <FormField
        name="apiKey"
        label="Key for this address"
        type="password"
        hint="Kept sealed and never shown again. Another address needs the key anew."
        autoComplete="off"
      />
    </ActionForm>
  );
}

export function PolicyForm({
  slug,
  trains,
  retains,
  save,
}: {
  slug: string;
  trains: boolean | null;
  retains: boolean | null;
  save: Action<FormData>;
}) {
  return (
    <ActionForm
      action={save}
      submit="Save"
      hidden={{ slug }}
      variant="outline"
      done="Saved. Requests go by it within five seconds."
    >
      <FormSelect name="trains" label="Trains on prompts" options={[...YES_NO]} defaultValue={toAnswer(trains)} />
      <FormSelect name="retains" label="Keeps prompts" options={[...YES_NO]} defaultValue={toAnswer(retains)} />
    </ActionForm>
  );
}
