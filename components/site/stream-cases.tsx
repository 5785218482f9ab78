const cases = [
  {
    what: "A provider fails before its first word",
    gets: "The next provider answers",
    charged: "by the one that answered",
  },
  {
    what: "A provider fails in the middle",
    gets: "What came, and the error as the last event",
    charged: "what came",
  },
  {
    what: "The caller hangs up",
    gets: "The upstream is told to stop",
    charged: "the prompt, and what had come by then",
  },
  { what: "The server is restarted", gets: "The running answer goes on to its end", charged: "as ever" },
  {
    what: "The server's process dies",
    gets: "The connection breaks",
    charged: "the last checkpoint, when the hold expires",
  },
];

/** What becomes of a stream, and of its bill. */
export function StreamCases() {
  return (
    <dl className="divide-y rounded-lg border bg-card text-sm">
      {cases.map(({ what, gets, charged }) => (
        <div key={what} className="grid gap-x-6 gap-y-0.5 px-4 py-2.5 sm:grid-cols-2">
          <dt>{what}</dt>
          <dd className="text-muted-foreground">
            {gets}. <span className="block text-[13px]">Charged: {charged}.</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
