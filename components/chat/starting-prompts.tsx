import type { ReactNode } from "react";

const PROMPTS = [
  {
    title: "Compare how models explain",
    text: "Explain what happens between pressing Enter on a URL and the first pixel, to someone who knows HTTP but not browsers. At most 200 words.",
  },
  {
    title: "Review code",
    text: "What is wrong with this function, and how would you write it?\n\n```js\nasync function loadAll(urls) {\n  const results = [];\n  urls.forEach(async (url) => results.push(await fetch(url).then((r) => r.json())));\n  return results;\n}\n```",
  },
  {
    title: "Draw up a table",
    text: "Compare optimistic and pessimistic locking in a table: how each works, when it fails, and what it costs under contention.",
  },
];

/** What an empty chat shows: what the page can do, and prompts to see it with. */
export function StartingPrompts({ onChoose, children }: { onChoose: (text: string) => void; children?: ReactNode }) {
  return (
    <div className="mx-auto grid w-full max-w-3xl gap-5 px-4 py-8">
      <div className="grid gap-1.5">
        <h2 className="text-lg font-semibold tracking-tight">Ask one model, or several at once</h2>
        <p className="text-sm text-pretty text-muted-foreground">
          Every answer comes over the public API and is paid from your credits; its exact cost stands under it. Add a
          column to see models side by side, attach pictures or PDFs, set a system prompt or tools in the settings.
        </p>
        {children}
      </div>
      <ul className="grid gap-2 sm:grid-cols-3">
        {PROMPTS.map(({ title, text }) => (
          <li key={title}>
            <button
              type="button"
              onClick={() => onChoose(text)}
              className="flex h-full w-full cursor-pointer flex-col rounded-lg border p-3 text-left outline-none transition-colors hover:bg-accent focus-visible:ring-2 focus-visible:ring-ring"
            >
              <span className="text-sm font-medium">{title}</span>
              <span className="mt-1 line-clamp-3 text-[13px] text-muted-foreground">{text}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
