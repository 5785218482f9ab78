/** What should be a text, from an upstream; to make one of something else may throw. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** The same of a place in a list. */
export const placeOf = (value: unknown): number => (typeof value === "number" ? value : 0);
