"use client";

import { ExternalLinkIcon } from "lucide-react";
import { toast } from "sonner";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";

/** Leads to Stripe's page with the invoices and the saved cards. */
export function PortalButton({ open }: { open: Action<Record<string, never>, { url: string }> }) {
  const { run, pending } = useAction(
    async (input: Record<string, never>) => {
      const answer = await open(input);
      if (!answer.ok) toast.error(answer.message);
      return answer;
    },
    ({ url }) => window.location.assign(url),
  );
  return (
    <Button variant="outline" disabled={pending} onClick={() => run({})}>
      Cards and invoices at Stripe <ExternalLinkIcon />
    </Button>
  );
}
