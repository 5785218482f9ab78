"use client";

import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { useAwake } from "../forms/use-awake";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card, CardAction, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";

/** Whether prompts and answers are kept, and away with those that are. */
export function PromptLogSwitch({
  on,
  days,
  kept,
  set,
  remove,
}: {
  on: boolean;
  days: number;
  kept: number;
  set: Action<{ on: boolean }>;
  remove: Action<Record<string, never>, { deleted: number }>;
}) {
  const setting = useAction(set, () => void toast.success(on ? "It is off. Nothing more is kept." : "It is on."));
  const removing = useAction(remove, ({ deleted }) => void toast.success(`${requests(deleted)} deleted.`));
  const awake = useAwake();
  const life = days === 1 ? "a day" : `${days} days`;
  return (
    <Card className="max-w-2xl">
      <CardHeader>
        <CardTitle>Keep prompts and answers</CardTitle>
        <CardDescription>For looking into what a program of yours sent and got back.</CardDescription>
        <CardAction>
          <Badge variant={on ? "success" : "outline"}>{on ? "On" : "Off"}</Badge>
        </CardAction>
      </CardHeader>
      <CardContent className="grid gap-4">
        <ActionFailure failure={setting.failure ?? removing.failure} />
        <ul className="grid list-disc gap-1 pl-5 text-sm text-pretty text-muted-foreground">
          <li>Off, not a byte of a prompt or an answer is stored here. Providers have rules of their own.</li>
          <li>
            On, both are stored sealed with this server's key, at most 256 KiB of each, for {life}. They are shown to
            you alone, on the page of the request. Whoever runs this server holds the key and could open them.
          </li>
          <li>They are not part of the answer: where one cannot be stored, the request goes on without.</li>
        </ul>
        <p className="text-sm">{kept === 0 ? "Nothing is kept now." : `${requests(kept)} kept now.`}</p>
        <div className="flex flex-wrap gap-2">
          <Button
            variant={on ? "outline" : "default"}
            disabled={!awake || setting.pending}
            onClick={() => setting.run({ on: !on })}
          >
            {on ? "Switch off" : "Switch on"}
          </Button>
          {kept > 0 && (
            <Button variant="destructive" disabled={!awake || removing.pending} onClick={() => removing.run({})}>
              Delete all that is kept
            </Button>
          )}
        </div>
      </CardContent>
    </Card>
  );
}

const requests = (count: number) => (count === 1 ? "1 request is" : `${count.toLocaleString("en-US")} requests are`);
