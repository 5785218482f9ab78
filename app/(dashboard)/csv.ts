import { fileReply } from "./file-reply";

/** A file of comma-separated values, of which a batch of lines is read at a time. */
export function csvReply(name: string, header: string[], batches: AsyncGenerator<string[][]>): Response {
  async function* pieces() {
    yield toLine(header);
    for await (const lines of batches) yield lines.map(toLine).join("");
  }
  return fileReply(`${name}.csv`, "text/csv", pieces());
}

const toLine = (cells: string[]) => `${cells.map(cell).join(",")}\r\n`;

/** Quoted where it must be; what a spreadsheet would take for a formula is kept from being one. Amounts are ours. */
function cell(text: string): string {
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
