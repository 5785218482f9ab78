/** A file of comma-separated values that is written as it is read, a batch of lines at a time, however long it is. */
export function csvReply(name: string, header: string[], batches: AsyncGenerator<string[][]>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(toLine(header))),
    async pull(controller) {
      const { value, done } = await batches.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value.map(toLine).join("")));
    },
    cancel: async () => {
      await batches.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "private, no-store",
    },
  });
}

export const signInFirst = () =>
  new Response("Sign in first.\n", { status: 401, headers: { "cache-control": "no-store" } });

const toLine = (cells: string[]) => `${cells.map(cell).join(",")}\r\n`;

/** Quoted where it must be; what a spreadsheet would take for a formula is kept from being one. Amounts are ours. */
function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
