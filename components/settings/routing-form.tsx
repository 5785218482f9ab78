"use client";

import { type ReactNode, useState } from "react";
import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { ProviderChoice, type ProviderMode } from "./provider-choice";
import { SwitchField } from "./switch-field";

type Sort = "none" | "price" | "throughput" | "latency";
type Routing = {
  defaultModel?: string;
  sort?: Exclude<Sort, "none">;
  allowFallbacks?: boolean;
  allowed?: string[];
  ignored?: string[];
  denyTraining?: boolean;
  zdr?: boolean;
};
type Typed = {
  defaultModel: string;
  sort: Sort;
  allowFallbacks: boolean;
  mode: ProviderMode;
  providers: string[];
  denyTraining: boolean;
  zdr: boolean;
};

const sorts: Record<Sort, string> = {
  none: "Cheap and healthy ones first",
  price: "The cheapest first",
  throughput: "The one that writes fastest first",
  latency: "The one that begins soonest first",
};

/** What an account wants of all its requests. */
export function RoutingForm({
  routing,
  models,
  providers,
  left,
  save,
}: {
  routing: Routing;
  models: string[];
  providers: { slug: string; name: string }[];
  /** So many models can be called as it is saved, of so many. */
  left: { models: number; of: number };
  save: Action<Typed>;
}) {
  const [typed, setTyped] = useState<Typed>({
    defaultModel: routing.defaultModel ?? "",
    sort: routing.sort ?? "none",
    allowFallbacks: routing.allowFallbacks ?? true,
    mode: routing.allowed ? "allowed" : "ignored",
    providers: routing.allowed ?? routing.ignored ?? [],
    denyTraining: routing.denyTraining ?? false,
    zdr: routing.zdr ?? false,
  });
  const change = (part: Partial<Typed>) => setTyped({ ...typed, ...part });
  const { run, pending, failure } = useAction(save, () => void toast.success("Saved."));
  const wrong = failure?.fields ?? {};
  return (
    <Form onSubmit={() => run(typed)} className="max-w-2xl gap-6">
      <ActionFailure failure={failure} />
      <Part title="Defaults" description="For requests that say nothing else, themselves or by their preset.">
        <Field
          label="Default model"
          error={wrong.defaultModel}
          hint="For requests that name none. Empty: such a request is refused."
        >
          <Input
            value={typed.defaultModel}
            onChange={(event) => change({ defaultModel: event.target.value })}
            list="routing-models"
            placeholder="company/model"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
        <datalist id="routing-models">
          {models.map((slug) => (
            <option key={slug} value={slug} />
          ))}
        </datalist>
        <Select value={typed.sort} onValueChange={(sort) => change({ sort: sort as Sort })}>
          <Field label="Providers of a model are tried in this order" error={wrong.sort}>
            <SelectTrigger className="w-full">
              <SelectValue />
            </SelectTrigger>
          </Field>
          <SelectContent>
            {Object.entries(sorts).map(([value, label]) => (
              <SelectItem key={value} value={value}>
                {label}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
        <SwitchField
          label="Try another provider when one fails"
          checked={typed.allowFallbacks}
          onChange={(allowFallbacks) => change({ allowFallbacks })}
        />
      </Part>
      <Part
        title="Rules"
        description={`No request can loosen them. As saved, ${left.models} of the ${left.of} models here can be called.`}
      >
        <SwitchField
          label="Only providers that are known not to train on prompts"
          checked={typed.denyTraining}
          onChange={(denyTraining) => change({ denyTraining })}
        />
        <SwitchField
          label="Only providers that are known to retain nothing"
          hint="Zero data retention. It is known of few."
          checked={typed.zdr}
          onChange={(zdr) => change({ zdr })}
        />
        <ProviderChoice
          providers={providers}
          mode={typed.mode}
          chosen={typed.providers}
          error={wrong.allowed ?? wrong.ignored ?? wrong.providers}
          onChange={(mode, chosen) => change({ mode, providers: chosen })}
        />
      </Part>
      <Button type="submit" className="justify-self-start" disabled={pending}>
        Save
      </Button>
    </Form>
  );
}

const Part = ({ title, description, children }: { title: string; description: string; children: ReactNode }) => (
  <Card>
    <CardHeader>
      <CardTitle>{title}</CardTitle>
      <CardDescription>{description}</CardDescription>
    </CardHeader>
    <CardContent className="grid gap-4">{children}</CardContent>
  </Card>
);
