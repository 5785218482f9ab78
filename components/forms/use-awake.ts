import { useSyncExternalStore } from "react";

const never = () => () => {};

/**
 * Whether the page answers yet. A form that is sent before leaves by its address alone, and what was typed into it is
 * not known to what wakes up.
 */
export const useAwake = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
