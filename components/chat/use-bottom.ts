import { type RefObject, useLayoutEffect, useRef } from "react";

const NEAR_PX = 80;

/** Keeps a scrolled region at its end while it grows, unless its reader has scrolled away from there. */
export function useBottom(region: RefObject<HTMLElement | null>, content: unknown) {
  const near = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the content's growth that moves the end
  useLayoutEffect(() => {
    const element = region.current;
    if (element && near.current) element.scrollTop = element.scrollHeight;
  }, [region, content]);
  return {
    onScroll() {
      const element = region.current;
      if (element) near.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    },
    toEnd() {
      near.current = true;
    },
  };
}
