/** What an upstream does with a request, in no wire format's words. */
export type Act = {
  thought?: string;
  /** What the upstream signs its thought with, and wants back unchanged. */
  signature?: string;
  call?: { name: string; arguments: Record<string, unknown> };
  text?: string;
  end: "finish" | "error" | "hang-up" | "never" | { status: 400 | 429 };
};

export const SIGNATURES = { call: "c2lnbmVkLWNhbGw=", answer: "c2lnbmVkLWFuc3dlcg==" };
export const THOUGHTS = { call: "The weather has to be looked up.", answer: "Minus three is cold." };
export const ANSWER = "It is cold in Oslo.";

/** Prompts, each of which has an upstream do something. */
export const PLEASE = {
  think: "Please think about the weather in Oslo.",
  break: "Please break off with an error.",
  hangUp: "Please hang up on me.",
  goOn: "Please go on and on.",
  refuse: "Please refuse this.",
  throttle: "Please throttle me.",
};

/**
 * What the request asks for: the last of the prompts above that it holds decides.
 *
 * @param thinks whether the request has the upstream think, and show its thoughts
 * @param hasTools whether it may call a tool
 */
export function actFor(request: string, { thinks, hasTools }: { thinks: boolean; hasTools: boolean }): Act {
  const asked = Object.values(PLEASE).sort((a, b) => request.lastIndexOf(b) - request.lastIndexOf(a))[0];
  switch (asked) {
    case PLEASE.break:
      return { text: "A beginning", end: "error" };
    case PLEASE.hangUp:
      return { text: "A beginning", end: "hang-up" };
    case PLEASE.goOn:
      return { text: "word ", end: "never" };
    case PLEASE.refuse:
      return { end: { status: 400 } };
    case PLEASE.throttle:
      return { end: { status: 429 } };
    default:
      return weather(request, thinks, hasTools);
  }
}

/** A model that looks the weather up before it answers, if it can. */
function weather(request: string, thinks: boolean, hasTools: boolean): Act {
  const hasResult = /"tool_result"|"functionResponse"|"role":"tool"/.test(request);
  const step = hasTools && !hasResult ? "call" : "answer";
  return {
    ...(thinks && { thought: THOUGHTS[step], signature: SIGNATURES[step] }),
    ...(step === "call" ? { call: { name: "get_weather", arguments: { city: "Oslo" } } } : { text: ANSWER }),
    end: "finish",
  };
}
