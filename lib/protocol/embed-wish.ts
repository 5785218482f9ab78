/** What is wanted of a model that embeds, beside what every request says: which model, at which provider, for whom. */
export type EmbedWish = {
  inputs: Embeddable[];
  /** How many numbers an embedding is to have. */
  dimensions?: number;
  /** What it is for, e.g. `search_query`: some models embed a question otherwise than what may answer it. */
  purpose?: string;
  /** How the caller takes it; a provider that knows only numbers gives those. */
  format: "float" | "base64";
};

/** A text, or the tokens of one. */
export type Embeddable = string | number[];
