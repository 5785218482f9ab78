"use client";

import { useState } from "react";
import { type Action, useAction } from "../forms/use-action";
import { Alert, AlertDescription, AlertTitle } from "../ui/alert";
import { Button } from "../ui/button";

export type Tried = { model: string; ms: number } & (
  | { ok: true }
  | { ok: false; failure: string; message: string; detail: string | null }
);

/** Asks the provider for a few words, and says what came of it. */
export function ProviderTest({ slug, test }: { slug: string; test: Action<FormData, Tried> }) {
  const [tried, setTried] = useState<Tried>();
  const { run, pending, failure } = useAction(test, setTried);
  const ask = () => {
    setTried(undefined);
    const form = new FormData();
    form.set("slug", slug);
    run(form);
  };
  return (
    <div className="grid gap-4">
      <Button variant="outline" className="justify-self-start" onClick={ask} disabled={pending} aria-busy={pending}>
        {pending ? "Asking …" : "Test it"}
      </Button>
      {failure && (
        <Alert variant="destructive">
          <AlertDescription>{failure.message}</AlertDescription>
        </Alert>
      )}
      {tried?.ok === true && (
        <Alert variant="success">
          <AlertTitle>It answers</AlertTitle>
          <AlertDescription>
            {tried.model}, after {(tried.ms / 1000).toFixed(2)} s.
          </AlertDescription>
        </Alert>
      )}
      {tried?.ok === false && (
        <Alert variant="destructive">
          <AlertTitle>It does not answer: {tried.failure.replaceAll("_", " ")}</AlertTitle>
          <AlertDescription>
            <p>{tried.message}</p>
            <p>
              {tried.model}, after {(tried.ms / 1000).toFixed(2)} s.
            </p>
            {tried.detail && <p className="font-mono text-xs break-all">{tried.detail}</p>}
          </AlertDescription>
        </Alert>
      )}
    </div>
  );
}
