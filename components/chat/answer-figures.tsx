import Link from "next/link";
import { usdText } from "@/components/usd";
import { parseUsd } from "@/lib/money";
import type { Answer } from "./chat";

/** What an answer took and cost: tokens, money to the nano-dollar, and time as this page saw it. */
export function AnswerFigures({ answer }: { answer: Answer }) {
  const { usage, generationId } = answer;
  const figures = [
    usage && `${count(usage.promptTokens)} in${usage.cachedTokens ? ` (${count(usage.cachedTokens)} cached)` : ""}`,
    usage &&
      `${count(usage.completionTokens)} out${usage.reasoningTokens ? ` (${count(usage.reasoningTokens)} reasoning)` : ""}`,
    answer.firstTokenMs !== undefined && `first token ${seconds(answer.firstTokenMs)}`,
    tokensPerSecond(answer),
    answer.provider,
  ].filter(Boolean);
  if (figures.length === 0 && !generationId) return null;
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-muted-foreground tabular-nums">
      {usage && <span className="text-foreground">{usdText(parseUsd(usage.cost))}</span>}
      {figures.map((figure) => (
        <span key={String(figure)}>{figure}</span>
      ))}
      {generationId && (
        <Link
          href={`/activity/${generationId}`}
          className="underline decoration-border underline-offset-2 hover:text-foreground"
          prefetch={false}
          title={generationId}
        >
          Bill
        </Link>
      )}
    </p>
  );
}

const count = (tokens: number) => tokens.toLocaleString("en");
const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/** Over the time in which tokens came. What came in one piece has no speed. */
export function tokensPerSecond({ usage, firstTokenMs, totalMs }: Answer): string | undefined {
  if (!usage || firstTokenMs === undefined || totalMs === undefined) return undefined;
  const ms = totalMs - firstTokenMs;
  if (ms < 50 || usage.completionTokens < 2) return undefined;
  return `${((usage.completionTokens * 1000) / ms).toFixed(1)} tok/s`;
}
