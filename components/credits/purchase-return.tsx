"use client";

import { CircleCheckIcon, ClockIcon, InfoIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { Nanos } from "@/lib/money";
import { Alert, AlertDescription, AlertTitle } from "../ui/alert";
import { Button } from "../ui/button";
import { usdText } from "../usd";

export type PurchaseState =
  | { status: "paid"; credited: Nanos }
  | { status: "pending" | "failed" | "expired" | "canceled" | "refused" | "unknown" | "unreachable" };

const AGAIN_MS = 3_000;
const MOST_LOOKS = 10;

const words: Record<Exclude<PurchaseState["status"], "paid">, [title: string, text: string]> = {
  pending: [
    "The payment is on its way",
    "Some ways to pay take a while, a bank transfer even days. The credits are added by themselves as soon as the money is confirmed; you need not stay here.",
  ],
  failed: ["The payment did not go through", "Nothing was charged. You can try again, perhaps with another card."],
  expired: ["The checkout was left open for too long", "Nothing was charged. Begin again when you like."],
  canceled: ["Nothing was bought", "You came back before paying, and nothing was charged."],
  refused: [
    "The payment needs a look by a person",
    "What Stripe reports is not what was asked for, so that no credits were added. Whoever runs this server can see it, and settle it with you.",
  ],
  unknown: ["There is no such purchase", "This account has begun none of that name."],
  unreachable: [
    "Stripe cannot be asked just now",
    "If you have paid, the credits are added by themselves as soon as Stripe tells so.",
  ],
};

/** What became of a purchase that its buyer comes back from; it looks again by itself while that is open. */
export function PurchaseReturn({ state }: { state: PurchaseState }) {
  const { refresh } = useRouter();
  const [looks, setLooks] = useState(0);
  const open = state.status === "pending" || state.status === "unreachable";

  useEffect(() => {
    // The frame around the page was drawn before the credits were there.
    if (state.status === "paid") refresh();
  }, [state.status, refresh]);
  useEffect(() => {
    if (!open || looks >= MOST_LOOKS) return;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      refresh();
    }, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [open, looks, refresh]);

  if (state.status === "paid")
    return (
      <Alert variant="success">
        <CircleCheckIcon />
        <AlertTitle>{usdText(state.credited)} were added to your balance</AlertTitle>
        <AlertDescription>The receipt is under Payments.</AlertDescription>
      </Alert>
    );
  const [title, text] = words[state.status];
  return (
    <Alert variant={state.status === "canceled" ? "default" : "warning"}>
      {open ? <ClockIcon /> : <InfoIcon />}
      <AlertTitle>{title}</AlertTitle>
      <AlertDescription>
        <p>{text}</p>
        {open && (
          <Button variant="outline" size="sm" className="mt-2" onClick={refresh}>
            Look again
          </Button>
        )}
      </AlertDescription>
    </Alert>
  );
}
