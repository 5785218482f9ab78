import type { Page } from "playwright-core";

export type ListedPage = {
  /** Also the name of its screenshots. */
  name: string;
  path: string;
  signedIn?: boolean;
  /** Brings it into the state to look at, e.g. opens a dialog. */
  prepare?: (page: Page) => Promise<unknown>;
  /** Most kilobytes of compressed script that its HTML names; `pages.test.ts` has the usual bound. */
  mostScriptKb?: number;
};

/** Every page is looked at in both themes and two widths, by axe, and weighed. A line here does it. */
export const pages: ListedPage[] = [
  { name: "home", path: "/" },
  { name: "models", path: "/models" },
  { name: "models-cards", path: "/models?view=cards&q=gpt" },
  { name: "models-none", path: "/models?q=nothing+of+this+name" },
  { name: "not-found", path: "/nothing-here" },
];
