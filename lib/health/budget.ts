import { makeWindow } from "./window";

export type Budget = {
  /** One more request came in. */
  earn: () => void;
  /** Whether there is one left to spend; if so, it is spent. */
  spend: () => boolean;
};

type Terms = {
  /** Of the requests in the window so many may be spent, and in any case `floor`. */
  share: number;
  floor: number;
  windowMs: number;
  now?: () => number;
};

/** A share of what comes in: what is done beyond the requests themselves cannot become more than it, however much fails. */
export function makeBudget({ share, floor, windowMs, now = () => performance.now() }: Terms): Budget {
  const window = makeWindow(windowMs, () => ({ earned: 0, spent: 0 }));
  const slot = () => window.at(now()) ?? { earned: 0, spent: 0 };
  return {
    earn: () => void slot().earned++,
    spend() {
      let [earned, spent] = [0, 0];
      for (const one of window.slots(now())) {
        earned += one.earned;
        spent += one.spent;
      }
      if (spent + 1 > Math.max(floor, earned * share)) return false;
      slot().spent++;
      return true;
    },
  };
}
