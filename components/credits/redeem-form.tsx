"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { Nanos } from "@/lib/money";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { usdText } from "../usd";

/** Turns a code into credits. */
export function RedeemForm({ redeem }: { redeem: Action<{ code: string }, { amount: Nanos }> }) {
  const [code, setCode] = useState("");
  const { run, pending, failure } = useAction(redeem, ({ amount }) => {
    setCode("");
    toast.success(`${usdText(amount)} were added to your balance.`);
  });
  return (
    <Card>
      <CardHeader>
        <CardTitle>Redeem a code</CardTitle>
        <CardDescription>A code that you were given turns into credits, once.</CardDescription>
      </CardHeader>
      <CardContent>
        <Form onSubmit={() => run({ code })} className="gap-3">
          <Field label="Code" error={failure?.fields?.code ?? failure?.message}>
            <Input
              value={code}
              onChange={(event) => setCode(event.target.value)}
              placeholder="ABCDE-FGHJK-MNPQR-STVWX"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              className="font-mono"
            />
          </Field>
          <Button type="submit" variant="outline" className="justify-self-start" disabled={pending}>
            Redeem
          </Button>
        </Form>
      </CardContent>
    </Card>
  );
}
