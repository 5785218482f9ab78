/** Gives each event of a stream its number, from 1 on, as its SSE id; comments have none. */
export function numberEvents() {
  let last = 0;
  return {
    last: () => last,
    number: (text: string): string =>
      text
        .split(/(?<=\n\n)/)
        .map((event) => (event === "" || event.startsWith(":") ? event : `id: ${++last}\n${event}`))
        .join(""),
  };
}

/** Without the events up to the one of this number: who comes back has them. */
export function eventsAfter(text: string, number: number): string {
  if (number === 0) return text;
  const id = `id: ${number}\n`;
  const at = text.startsWith(id) ? 0 : text.indexOf(`\n\n${id}`) + 2;
  return at === 1 ? text : text.slice(text.indexOf("\n\n", at) + 2);
}
