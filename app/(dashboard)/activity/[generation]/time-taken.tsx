import { TimingBar, type TimingPart } from "@/components/activity/timing-bar";
import type { explainGeneration } from "@/lib/gateway/explained-generation";

type Explained = NonNullable<Awaited<ReturnType<typeof explainGeneration>>>;

/** Where a request's time went: what was tried in vain, the wait for the first token, and the answer itself. */
export function TimeTaken({ explained }: { explained: Explained }) {
  const parts = toParts(explained);
  if (parts.length === 0) return null;
  return (
    <section>
      <h2 className="mb-3 text-[15px] font-medium">Where the time went</h2>
      <TimingBar parts={parts} />
    </section>
  );
}

export function toParts({
  attempts,
  firstTokenMs,
  totalMs,
  provider,
  outcome,
}: Pick<Explained, "attempts" | "firstTokenMs" | "totalMs" | "provider" | "outcome">): TimingPart[] {
  if (totalMs === null) return [];
  const lost = attempts.map(({ provider, failure, ms }, index) => ({
    name: `${index + 1}. ${provider}: ${failure.replaceAll("_", " ")}`,
    ms,
    colour: "var(--destructive)",
  }));
  const lostMs = lost.reduce((sum, { ms }) => sum + ms, 0);
  const answering = provider ?? "Nobody";
  if (firstTokenMs === null) {
    const name = outcome === "failed" ? `${answering}, until it failed` : `${answering}, the whole answer in one piece`;
    return [...lost, { name, ms: Math.max(0, totalMs - lostMs), colour: "var(--chart-2)" }];
  }
  return [
    ...lost,
    {
      name: `Setting credits aside, and ${answering} until its first token`,
      ms: Math.max(0, firstTokenMs - lostMs),
      colour: "var(--chart-2)",
    },
    {
      name: `${answering}, from the first token to the last`,
      ms: Math.max(0, totalMs - firstTokenMs),
      colour: "var(--chart-1)",
    },
  ];
}
