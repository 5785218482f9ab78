"use client";

import { RefreshCwIcon, Trash2Icon } from "lucide-react";
import { lazy, memo, Suspense } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { Spinner } from "@/components/ui/spinner";
import { AnswerFailure } from "./answer-failure";
import { AnswerFigures } from "./answer-figures";
import type { Answer } from "./chat";
import { hasSpoken } from "./fold-chunk";
import { MessageAction } from "./message-actions";
import { ReasoningView } from "./reasoning-view";
import { isInlinePicture } from "./safe-url";
import type { Session } from "./session";
import { ToolCalls } from "./tool-calls";
import "../written.css";

const Markdown = lazy(() => import("./markdown").then(({ Markdown }) => ({ default: Markdown })));

type Props = {
  session: Session;
  columnId: string;
  answer: Answer;
  modelName: string;
  isLast: boolean;
};

/** Drawn again only when the answer itself has changed. */
export const AnswerView = memo(function AnswerView({ session, columnId, answer, modelName, isLast }: Props) {
  const streaming = answer.status === "streaming";
  const again = () => void session.regenerate(columnId, answer.id);
  return (
    <article aria-label={`${modelName} answers`} aria-busy={streaming} className="min-w-0" data-status={answer.status}>
      <ReasoningView answer={answer} />
      {answer.text && (
        <div className="written">
          <Suspense fallback={<p className="whitespace-pre-wrap">{answer.text}</p>}>
            <Markdown text={answer.text} growing={streaming} />
          </Suspense>
        </div>
      )}
      {answer.refusal && <p className="text-sm whitespace-pre-wrap">{answer.refusal}</p>}
      {answer.images.map((url) => (
        <Picture key={url} url={url} />
      ))}
      <ToolCalls
        answer={answer}
        awaited={isLast}
        onResults={(results) => void session.answerTools(columnId, results)}
      />
      {streaming && !hasSpoken(answer) && (
        <p className="flex items-center gap-2 text-sm text-muted-foreground">
          <Spinner /> Waiting for the first word
        </p>
      )}
      {answer.status === "stopped" && <Note>Stopped.</Note>}
      {answer.finishReason === "length" && <Note>Cut off: the maximum of tokens was reached.</Note>}
      {answer.status === "done" && !hasSpoken(answer) && <Note>The model answered with nothing.</Note>}
      {answer.failure && <AnswerFailure failure={answer.failure} onRetry={again} />}
      {!streaming && (
        <div className="mt-2 grid gap-1">
          <AnswerFigures answer={answer} />
          <div className="-ml-1.5 flex">
            {answer.text && <CopyButton value={answer.text} label="Copy the answer" className="size-7" />}
            <MessageAction label="Ask again" icon={RefreshCwIcon} onClick={again} />
            <MessageAction
              label="Delete the answer"
              icon={Trash2Icon}
              onClick={() => session.change({ type: "delete", columnId, messageId: answer.id })}
            />
          </div>
        </div>
      )}
    </article>
  );
});

const Note = ({ children }: { children: string }) => (
  <p className="mt-1 text-[13px] text-muted-foreground">{children}</p>
);

/** A picture that would have to be fetched is a link: an address can carry away what was said. */
function Picture({ url }: { url: string }) {
  if (isInlinePicture(url))
    // biome-ignore lint/performance/noImgElement: the picture is in the address; there is nothing to optimise
    return <img src={url} alt="Made by the model" className="mt-2 max-h-96 max-w-full rounded-md border" />;
  return (
    <p className="mt-2 text-sm [overflow-wrap:anywhere]">
      {/^https?:/.test(url) ? (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow" className="text-brand underline">
          Picture at {URL.canParse(url) ? new URL(url).host : url}
        </a>
      ) : (
        "A picture in a form that is not shown here."
      )}
    </p>
  );
}
