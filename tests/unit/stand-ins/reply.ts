/** What a test asks of a stand-in, in no provider's words. */
export type Ask = {
  text: string;
  stream: boolean;
  withTool?: boolean;
  toolUse?: "forced" | "none";
  toolResult?: string;
  maxTokens?: number;
};

/** What came back, read by the provider's official client. */
export type Reply = {
  text: string;
  pieces: number;
  finishReason: string;
  toolCall?: { name: string; arguments: unknown };
  promptTokens: number;
  completionTokens: number;
};

export type StandInClient = (baseUrl: string, ask: Ask) => Promise<Reply>;

export const TOOL_NAME = "look_up";
export const TOOL_SCHEMA = { type: "object" as const, properties: { city: { type: "string" } }, required: ["city"] };
