"use client";

import { useState } from "react";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";
import { Checkbox } from "../ui/checkbox";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Label } from "../ui/label";
import { ToggleGroup, ToggleGroupItem } from "../ui/toggle-group";
import { usdText } from "../usd";
import { centsToNanos, feeCents, readCents } from "./cents";

/** US cents: the least and the most that is bought at once; and the fee on top, in hundredths of a per cent. */
export type BuyLimits = { leastMinor: number; mostMinor: number; feeBasisPoints: number };

const CHOICES = [10, 25, 50, 100];

/** Buys credits: an amount, what it costs to the cent, and off to Stripe's page. */
export function BuyForm({
  limits,
  canSaveCard,
  buy,
}: {
  limits: BuyLimits;
  canSaveCard: boolean;
  buy: Action<{ amount: string; saveCard: boolean }, { url: string }>;
}) {
  const choices = CHOICES.filter((dollars) => dollars * 100 >= limits.leastMinor && dollars * 100 <= limits.mostMinor);
  const [amount, setAmount] = useState(String(choices[0] ?? limits.leastMinor / 100));
  const [saveCard, setSaveCard] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const { run, pending, failure } = useAction(buy, ({ url }) => {
    setLeaving(true);
    window.location.assign(url);
  });
  const dollars = (cents: number) => usdText(centsToNanos(cents));
  return (
    <Card>
      <CardHeader>
        <CardTitle>Buy credits</CardTitle>
        <CardDescription>Paid on Stripe's page. No card number comes to this server.</CardDescription>
      </CardHeader>
      <CardContent>
        <Form onSubmit={() => run({ amount, saveCard })}>
          {choices.length > 1 && (
            <ToggleGroup type="single" value={amount} onValueChange={(value) => value && setAmount(value)}>
              {choices.map((choice) => (
                <ToggleGroupItem key={choice} value={String(choice)} aria-label={`${choice} dollars`}>
                  ${choice}
                </ToggleGroupItem>
              ))}
            </ToggleGroup>
          )}
          <Field
            label="Amount in US dollars"
            error={failure?.fields?.amount ?? failure?.message}
            hint={`From ${dollars(limits.leastMinor)} to ${dollars(limits.mostMinor)}.`}
          >
            <Input
              value={amount}
              onChange={(event) => setAmount(event.target.value)}
              inputMode="decimal"
              autoComplete="off"
              className="max-w-40 tabular-nums"
            />
          </Field>
          <Quote amount={amount} limits={limits} />
          {canSaveCard && (
            <div className="flex items-center gap-2">
              <Checkbox
                id="save-card"
                checked={saveCard}
                onCheckedChange={(checked) => setSaveCard(checked === true)}
              />
              <Label htmlFor="save-card" className="font-normal">
                Keep the card with Stripe for auto top-up
              </Label>
            </div>
          )}
          <Button type="submit" className="justify-self-start" disabled={pending || leaving}>
            {leaving ? "Going to Stripe…" : "Go to payment"}
          </Button>
        </Form>
      </CardContent>
    </Card>
  );
}

/** What will be paid, to the cent, before anything is. */
function Quote({ amount, limits }: { amount: string; limits: BuyLimits }) {
  const cents = readCents(amount);
  if (cents === undefined || cents < limits.leastMinor || cents > limits.mostMinor) return null;
  const fee = feeCents(cents, limits.feeBasisPoints);
  const rows: [name: string, cents: number][] = [
    ["Credits", cents],
    [fee > 0 ? `Fee of ${limits.feeBasisPoints / 100} %` : "Fee", fee],
    ["You pay", cents + fee],
  ];
  return (
    <dl className="grid max-w-64 grid-cols-[1fr_auto] gap-x-4 gap-y-1 text-sm tabular-nums" aria-live="polite">
      {rows.map(([name, value]) => (
        <div key={name} className="contents last:font-medium">
          <dt className="text-muted-foreground">{name}</dt>
          <dd className="text-right">{usdText(centsToNanos(value))}</dd>
        </div>
      ))}
    </dl>
  );
}
