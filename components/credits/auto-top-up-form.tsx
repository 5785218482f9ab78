"use client";

import { useState } from "react";
import { toast } from "sonner";
import { formatUsd, type Nanos } from "@/lib/money";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { Alert, AlertDescription, AlertTitle } from "../ui/alert";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card, CardAction, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import { usdText } from "../usd";
import { centsToNanos } from "./cents";

export type AutoTopUpSettings = {
  enabled: boolean;
  threshold: Nanos;
  amountMinor: number;
  dailyCapMinor: number;
  cardId: string;
  paused: { reason: PauseReason; at: Date } | null;
};
type PauseReason = "declined" | "authentication_required" | "refund" | "dispute" | "unclear";
export type SavedCard = { id: string; brand: string; last4: string; expMonth: number; expYear: number };

const pauses: Record<PauseReason, string> = {
  declined: "The card was declined. Choose another one, or the same once it can be charged again, and save.",
  authentication_required:
    "The bank wants you to confirm payments with this card yourself. Choose another one, and save.",
  refund: "A purchase was refunded. Save if it shall go on.",
  dispute: "A payment is disputed. Save when that is settled.",
  unclear:
    "Stripe did not say what became of the last purchase, and nothing is bought twice. Look under Payments, then save.",
};

/** Buys credits by itself when the balance runs low. */
export function AutoTopUpForm({
  settings,
  cards,
  boughtTodayMinor,
  buying,
  save,
  switchOff,
}: {
  settings: AutoTopUpSettings | null;
  cards: SavedCard[];
  boughtTodayMinor: number;
  /** A purchase is under way. */
  buying: boolean;
  save: Action<{ threshold: string; amount: string; dailyCap: string; cardId: string }>;
  switchOff: Action<Record<string, never>>;
}) {
  const on = settings?.enabled ?? false;
  const paused = on ? settings?.paused : null;
  return (
    <Card>
      <CardHeader>
        <CardTitle>Auto top-up</CardTitle>
        <CardDescription>Buys credits with a saved card when your balance falls below an amount.</CardDescription>
        <CardAction>
          <Badge variant={paused ? "warning" : on ? "success" : "outline"}>
            {paused ? "Paused" : on ? "On" : "Off"}
          </Badge>
        </CardAction>
      </CardHeader>
      <CardContent className="grid gap-4">
        {paused && (
          <Alert variant="warning">
            <AlertTitle>
              Paused since <LocalTime at={paused.at} />
            </AlertTitle>
            <AlertDescription>{pauses[paused.reason]}</AlertDescription>
          </Alert>
        )}
        {cards.length === 0 ? (
          <p className="text-sm text-pretty text-muted-foreground">
            There is no saved card yet. Buy credits once and let Stripe keep the card, or add one in the billing portal
            under Payments.
          </p>
        ) : (
          <Settings settings={settings} cards={cards} on={on} save={save} switchOff={switchOff} />
        )}
        {on && (
          <p className="text-[13px] text-muted-foreground">
            {usdText(centsToNanos(boughtTodayMinor))} bought by itself today, in UTC.
            {buying && " A purchase is under way."}
          </p>
        )}
      </CardContent>
    </Card>
  );
}

function Settings({
  settings,
  cards,
  on,
  save,
  switchOff,
}: Pick<Parameters<typeof AutoTopUpForm>[0], "settings" | "cards" | "save" | "switchOff"> & { on: boolean }) {
  const [threshold, setThreshold] = useState(settings ? formatUsd(settings.threshold) : "10");
  const [amount, setAmount] = useState(settings ? toText(settings.amountMinor) : "25");
  const [dailyCap, setDailyCap] = useState(settings ? toText(settings.dailyCapMinor) : "100");
  const known = cards.find(({ id }) => id === settings?.cardId) ?? cards[0];
  const [cardId, setCardId] = useState(known?.id ?? "");
  const chosen = cards.find(({ id }) => id === cardId);
  const saving = useAction(save, () => void toast.success("Saved. It is on."));
  const stopping = useAction(switchOff, () => void toast.success("It is off. Nothing is bought by itself."));
  const wrong = saving.failure?.fields ?? {};
  const figures = [
    { name: "threshold", label: "When it is below", value: threshold, set: setThreshold },
    { name: "amount", label: "Buy", value: amount, set: setAmount },
    { name: "dailyCap", label: "At most a day", value: dailyCap, set: setDailyCap },
  ];
  return (
    <Form onSubmit={() => saving.run({ threshold, amount, dailyCap, cardId })}>
      <ActionFailure failure={saving.failure ?? stopping.failure} />
      <div className="grid items-start gap-3 sm:grid-cols-3">
        {figures.map(({ name, label, value, set }) => (
          <Field key={name} label={label} error={wrong[name]} hint="US dollars">
            <Input
              value={value}
              onChange={(event) => set(event.target.value)}
              inputMode="decimal"
              autoComplete="off"
              className="tabular-nums"
            />
          </Field>
        ))}
      </div>
      <Select value={cardId} onValueChange={setCardId}>
        <Field label="With" error={wrong.cardId}>
          <SelectTrigger className="w-full">
            <SelectValue placeholder="Choose a card">{chosen && cardName(chosen)}</SelectValue>
          </SelectTrigger>
        </Field>
        <SelectContent>
          {cards.map((card) => (
            <SelectItem key={card.id} value={card.id}>
              {cardName(card)}
            </SelectItem>
          ))}
        </SelectContent>
      </Select>
      <div className="flex gap-2">
        <Button type="submit" disabled={saving.pending}>
          {settings?.paused && on ? "Save and resume" : on ? "Save" : "Switch on"}
        </Button>
        {on && (
          <Button type="button" variant="outline" disabled={stopping.pending} onClick={() => stopping.run({})}>
            Switch off
          </Button>
        )}
      </div>
    </Form>
  );
}

const cardName = ({ brand, last4, expMonth, expYear }: SavedCard) =>
  `${brand} ending in ${last4}, until ${String(expMonth).padStart(2, "0")}/${expYear}`;

const toText = (cents: number) => formatUsd(centsToNanos(cents));
