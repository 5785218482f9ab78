const SLOTS = 30;

/** What happened in the last while, in thirty slots of which the oldest falls away as time goes on. */
export type Window<Slot> = {
  /** The slot of a moment, to add to; undefined for one that is longer ago than the window. */
  at: (moment: number) => Slot | undefined;
  /** What is in the window at a moment. */
  slots: (now: number) => Slot[];
  clear: () => void;
};

/** @param milliseconds how long ago something may be to be in the window */
export function makeWindow<Slot>(milliseconds: number, empty: () => Slot): Window<Slot> {
  const width = milliseconds / SLOTS;
  const ring = new Map<number, { index: number; slot: Slot }>();
  return {
    at(moment) {
      const index = Math.floor(moment / width);
      const place = index % SLOTS;
      const there = ring.get(place);
      if (there?.index === index) return there.slot;
      if (there && there.index > index) return undefined;
      const slot = empty();
      ring.set(place, { index, slot });
      return slot;
    },
    slots(now) {
      const newest = Math.floor(now / width);
      const all: Slot[] = [];
      for (const { index, slot } of ring.values()) if (index <= newest && index > newest - SLOTS) all.push(slot);
      return all;
    },
    clear: () => ring.clear(),
  };
}
