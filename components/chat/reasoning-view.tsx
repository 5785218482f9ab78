import { ChevronRightIcon } from "lucide-react";
import { useState } from "react";
import type { Answer } from "./chat";

const KEPT_LETTERS = 120;

/** What a model thought before it spoke: folded, with its newest words while it thinks. */
export function ReasoningView({ answer }: { answer: Answer }) {
  const [open, setOpen] = useState(false);
  if (!answer.reasoning) return null;
  const thinking = answer.status === "streaming" && !answer.text;
  return (
    <div className="mb-2 rounded-md border text-[13px] text-muted-foreground">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full cursor-pointer items-center gap-1.5 rounded-md px-2.5 py-1.5 text-left outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
      >
        <ChevronRightIcon className={`size-3.5 shrink-0 transition-transform ${open ? "rotate-90" : ""}`} />
        <span className="shrink-0 font-medium">{thinking ? "Reasoning…" : "Reasoning"}</span>
        {!open && thinking && (
          <span className="truncate" aria-hidden="true" dir="ltr">
            {answer.reasoning.slice(-KEPT_LETTERS)}
          </span>
        )}
      </button>
      {open && <p className="border-t px-3 py-2 whitespace-pre-wrap [overflow-wrap:anywhere]">{answer.reasoning}</p>}
    </div>
  );
}
