"use client";

import { useState } from "react";
import type { Nanos } from "@/lib/money";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { Usd } from "../usd";
import type { EndpointRow } from "./endpoint-row";

/** Tokens of one request; the cached ones are part of the prompt. */
export type Workload = { prompt: number; cached: number; output: number };

type Props = {
  endpoints: EndpointRow[];
  /** What one such request is charged. */
  costOf: (endpoint: EndpointRow, workload: Workload) => Nanos;
  markupBasisPoints: number;
};

const inputs = [
  { name: "requests", label: "Requests", initial: "1000" },
  { name: "prompt", label: "Prompt tokens each", initial: "2000" },
  { name: "cached", label: "Of them from the cache", initial: "0" },
  { name: "output", label: "Output tokens each", initial: "500" },
] as const;

type Texts = Record<(typeof inputs)[number]["name"], string>;

export function PriceCalculator({ endpoints, costOf, markupBasisPoints }: Props) {
  const [endpointId, setEndpointId] = useState(endpoints[0]?.id ?? "");
  const [texts, setTexts] = useState(
    () => Object.fromEntries(inputs.map(({ name, initial }) => [name, initial])) as Texts,
  );
  const endpoint = endpoints.find(({ id }) => id === endpointId);
  const [requests, prompt, cached, output] = inputs.map(({ name }) => wholeNumber(texts[name]));
  const errors: Partial<Texts> = Object.fromEntries(
    inputs.flatMap(({ name }) =>
      wholeNumber(texts[name]) === undefined ? [[name, "A whole number, up to a billion."]] : [],
    ),
  );
  if (cached !== undefined && prompt !== undefined && cached > prompt) errors.cached = "No more than the prompt has.";
  const each =
    endpoint && Object.keys(errors).length === 0
      ? costOf(endpoint, { prompt: prompt ?? 0, cached: cached ?? 0, output: output ?? 0 })
      : undefined;

  return (
    <div className="grid gap-6 rounded-lg border bg-card p-5 md:grid-cols-[minmax(0,1fr)_16rem]">
      <div className="grid content-start gap-4 sm:grid-cols-2">
        {endpoints.length > 1 && (
          <Field label="Provider" className="sm:col-span-2">
            <ProviderSelect endpoints={endpoints} value={endpointId} onChange={setEndpointId} />
          </Field>
        )}
        {inputs.map(({ name, label }) => (
          <Field key={name} label={label} error={errors[name]}>
            <Input
              inputMode="numeric"
              className="tabular-nums"
              value={texts[name]}
              onChange={({ target }) => setTexts((before) => ({ ...before, [name]: target.value }))}
            />
          </Field>
        ))}
      </div>
      <div className="border-t pt-5 md:border-t-0 md:border-l md:pt-0 md:pl-6">
        <dl className="grid content-start gap-4" aria-live="polite">
          <Result name="One request" nanos={each} />
          <Result name="All of them" nanos={each === undefined ? undefined : each * BigInt(requests ?? 0)} loud />
        </dl>
        <p className="mt-4 text-[13px] text-muted-foreground">
          {markupBasisPoints > 0 && `With this server's ${markupBasisPoints / 100}% on top. `}
          Exact: the arithmetic is the bill's, which is rounded once for each request.
        </p>
      </div>
    </div>
  );
}

function ProviderSelect({
  endpoints,
  value,
  onChange,
  ...described
}: {
  endpoints: EndpointRow[];
  value: string;
  onChange: (id: string) => void;
  id?: string;
}) {
  return (
    <Select value={value} onValueChange={onChange}>
      <SelectTrigger className="w-full" {...described}>
        <SelectValue>{endpoints.find(({ id }) => id === value)?.provider}</SelectValue>
      </SelectTrigger>
      <SelectContent>
        {endpoints.map(({ id, provider }) => (
          <SelectItem key={id} value={id}>
            {provider}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}

function Result({ name, nanos, loud = false }: { name: string; nanos: Nanos | undefined; loud?: boolean }) {
  return (
    <div>
      <dt className="text-[13px] text-muted-foreground">{name}</dt>
      <dd className={loud ? "text-xl font-semibold tracking-tight" : "text-sm"}>
        {nanos === undefined ? "–" : <Usd nanos={nanos} />}
      </dd>
    </div>
  );
}

/** "1,000" and "1 000" too; undefined for what is no count. */
function wholeNumber(text: string): number | undefined {
  const digits = text.replace(/[\s,_]/g, "");
  return /^\d{1,9}$/.test(digits) ? Number(digits) : undefined;
}
