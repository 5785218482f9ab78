/** A PDF with a page for each of these streams of drawing commands; `filter` says how they are packed. */
export function pdfOf(streams: (string | Uint8Array)[], filter = ""): Buffer {
  const page = (at: number) =>
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`;
  const kids = streams.map((_, n) => `${5 + 2 * n} 0 R`).join(" ");
  const objects: Buffer[] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${streams.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ].map((text) => Buffer.from(text));
  for (const [n, stream] of streams.entries()) {
    const body = Buffer.from(stream);
    const head = Buffer.from(`<< /Length ${body.length} ${filter} >>\nstream\n`);
    objects.push(Buffer.concat([head, body, Buffer.from("\nendstream")]), Buffer.from(page(4 + 2 * n)));
  }
  const pieces = [Buffer.from("%PDF-1.4\n")];
  const places: number[] = [];
  let length = pieces[0]?.length ?? 0;
  for (const [n, object] of objects.entries()) {
    const piece = Buffer.concat([Buffer.from(`${n + 1} 0 obj\n`), object, Buffer.from("\nendobj\n")]);
    places.push(length);
    pieces.push(piece);
    length += piece.length;
  }
  const rows = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  const size = objects.length + 1;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...pieces, Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${rows}${end}`)]);
}

/** Writes each line below the other. */
export const lines = (...texts: string[]) =>
  `BT /F1 12 Tf 72 720 Td ${texts.map((text) => `(${text}) Tj 0 -20 Td`).join(" ")} ET`;
