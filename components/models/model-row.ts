import type { Picos } from "@/lib/money";

/** A model in a list, with its cheapest endpoint's prices per token. */
export type ModelRow = {
  slug: string;
  name: string;
  description: string;
  providers: string[];
  contextLength: number;
  maxOutput: number | null;
  input: string[];
  output: string[];
  parameters: string[];
  reasoning: boolean;
  /** Unix milliseconds; 0 where it is not known. */
  released: number;
  prompt: Picos;
  completion: Picos;
};
