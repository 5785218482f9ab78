const FENCE = /^ {0,3}(`{3,}|~{3,})/;
/** Begins a block of its own: neither indented, nor a list that goes on, nor a quote, nor a note's definition. */
const BLOCK_START = /^(?![\s>]|[-*+] |\d+[.)] |\[\^?[^\]]+\]:)/;

/**
 * Cuts markdown that still grows at the places where a block has surely ended, so that only the last piece has to be
 * read again when more comes. The pieces, joined, are the text. A cut is never inside a fence or a list.
 */
export function splitBlocks(text: string): string[] {
  const blocks: string[] = [];
  let block = "";
  let fence: string | undefined;
  let blank = false;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (blank && fence === undefined && block && BLOCK_START.test(line) && line.trim()) {
      blocks.push(block);
      block = "";
    }
    block += line;
    const [, marks] = FENCE.exec(line) ?? [];
    if (marks && fence === undefined) fence = marks;
    else if (marks && fence && marks[0] === fence[0] && marks.length >= fence.length && line.trim() === marks)
      fence = undefined;
    if (line.trim()) blank = false;
    else blank = true;
  }
  if (block) blocks.push(block);
  return blocks;
}
