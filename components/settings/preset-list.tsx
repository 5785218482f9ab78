"use client";

import { SlidersIcon } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { LocalTime } from "../local-time";
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "../ui/alert-dialog";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Empty } from "../ui/empty";

export type PresetRow = {
  slug: string;
  version: number;
  /** Null: the request names it. */
  model: string | null;
  /** Names of the other settings. */
  fields: string[];
  hasPrompt: boolean;
  updatedAt: Date;
};

export function PresetList({ presets, remove }: { presets: PresetRow[]; remove: Action<{ slug: string }> }) {
  const [going, setGoing] = useState<string>();
  if (presets.length === 0)
    return (
      <Empty icon={<SlidersIcon />} title="No presets yet">
        Keep a model, a system prompt and further settings under a name, and change them without touching the programs
        that ask for it. A preset can also be saved from a request, over /api/v1/presets.
      </Empty>
    );
  return (
    <>
      <ul className="divide-y rounded-lg border">
        {presets.map(({ slug, version, model, fields, hasPrompt, updatedAt }) => (
          <li key={slug} className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
            <div className="min-w-0 text-sm">
              <p className="flex items-center gap-1 font-medium">
                <code className="font-mono text-[13px] break-all">@preset/{slug}</code>
                <CopyButton value={`@preset/${slug}`} label={`Copy the name of ${slug}`} />
              </p>
              <p className="text-[13px] break-words text-muted-foreground">
                {[model ?? "the request's model", hasPrompt && "a system prompt", ...fields].filter(Boolean).join(", ")}
              </p>
              <p className="text-[13px] text-muted-foreground">
                Version {version}, <LocalTime at={updatedAt} />
              </p>
            </div>
            <div className="flex gap-2">
              <Button variant="outline" size="sm" asChild>
                <Link href={`/settings/presets/edit?slug=${encodeURIComponent(slug)}`} aria-label={`Edit ${slug}`}>
                  Edit
                </Link>
              </Button>
              <Button variant="outline" size="sm" aria-label={`Delete ${slug}`} onClick={() => setGoing(slug)}>
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {going !== undefined && <DeletePreset slug={going} remove={remove} close={() => setGoing(undefined)} />}
    </>
  );
}

function DeletePreset({ slug, remove, close }: { slug: string; remove: Action<{ slug: string }>; close: () => void }) {
  const { run, pending, failure } = useAction(remove, () => {
    close();
    toast.success(`${slug} was deleted.`);
  });
  return (
    <AlertDialog open onOpenChange={close}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle>Delete {slug}?</AlertDialogTitle>
          <AlertDialogDescription>
            All its versions go. Requests that ask for it are refused from then on.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <ActionFailure failure={failure} />
        <AlertDialogFooter>
          <AlertDialogCancel>Cancel</AlertDialogCancel>
          <Button variant="destructive" disabled={pending} onClick={() => run({ slug })}>
            Delete the preset
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
