/**
 * What of an answer the caller was told so far. An item comes in pieces first, and at its end all of it comes again:
 * only what is new is told then.
 */
export type Told = {
  /** Characters, or annotations, by part. */
  lengths: Map<string, number>;
  /** The place of each call among the calls, by the place of its item in the output. */
  calls: Map<unknown, number>;
  /** The index of each block of reasoning, by part. */
  blocks: Map<string, number>;
  reasoned: boolean;
};

export const nothingTold = (): Told => ({ lengths: new Map(), calls: new Map(), blocks: new Map(), reasoned: false });

/** Notes that a further piece of a part is told. */
export function addTold({ lengths }: Told, part: string, length: number): void {
  lengths.set(part, (lengths.get(part) ?? 0) + length);
}

/** What is new in the whole of a part, which counts as told from now on. */
export function restOf<Whole extends string | unknown[]>(told: Told, part: string, whole: Whole): Whole {
  const before = told.lengths.get(part) ?? 0;
  if (whole.length > before) told.lengths.set(part, whole.length);
  return whole.slice(before) as Whole;
}

/** Blocks are numbered as they come, so that clients that join pieces by their index keep the blocks apart. */
export function blockIndex({ blocks }: Told, block: string): number {
  const index = blocks.get(block) ?? blocks.size;
  blocks.set(block, index);
  return index;
}
