"use client";

import { useState } from "react";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";

export type Use = "first" | "always" | "fallback";
export type AddByok = Action<{ provider: string; name: string; key: string; use: Use }>;

const uses: Record<Use, string> = {
  first: "Before this server's own",
  always: "Always, and never this server's own",
  fallback: "Only when this server's own fails",
};

/** Takes a user's own key for a provider. */
export function ByokDialog({
  providers,
  add,
  close,
}: {
  providers: { slug: string; name: string }[];
  add: AddByok;
  close: () => void;
}) {
  const [provider, setProvider] = useState(providers[0]?.slug ?? "");
  const [name, setName] = useState("");
  const [key, setKey] = useState("");
  const [use, setUse] = useState<Use>("first");
  const { run, pending, failure } = useAction(add, close);
  const wrong = failure?.fields ?? {};
  return (
    <DialogContent>
      <DialogHeader>
        <DialogTitle>Your own key for a provider</DialogTitle>
        <DialogDescription>
          Your requests go to the provider on your account there. It is kept sealed and never shown again.
        </DialogDescription>
      </DialogHeader>
      <Form onSubmit={() => run({ provider, name, key, use })}>
        <ActionFailure failure={failure} />
        <Select value={provider} onValueChange={setProvider}>
          <Field label="Provider" error={wrong.provider}>
            <SelectTrigger className="w-full">
              <SelectValue />
            </SelectTrigger>
          </Field>
          <SelectContent>
            {providers.map(({ slug, name }) => (
              <SelectItem key={slug} value={slug}>
                {name}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
        <Field label="The provider's key" error={wrong.key}>
          <Input
            type="password"
            value={key}
            onChange={(event) => setKey(event.target.value)}
            autoComplete="off"
            className="font-mono"
          />
        </Field>
        <Field label="Name" error={wrong.name} hint="For you; may stay empty.">
          <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={200} autoComplete="off" />
        </Field>
        <Select value={use} onValueChange={(value) => setUse(value as Use)}>
          <Field label="It is used">
            <SelectTrigger className="w-full">
              <SelectValue />
            </SelectTrigger>
          </Field>
          <SelectContent>
            {Object.entries(uses).map(([value, label]) => (
              <SelectItem key={value} value={value}>
                {label}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
        <DialogFooter>
          <DialogClose asChild>
            <Button variant="outline">Cancel</Button>
          </DialogClose>
          <Button type="submit" disabled={pending}>
            Add the key
          </Button>
        </DialogFooter>
      </Form>
    </DialogContent>
  );
}
