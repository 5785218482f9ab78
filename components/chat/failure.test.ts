import { describe, expect, test } from "vitest";
import type { Failure } from "./chat";
import { brokenOff, explainFailure, foreignAnswer, toFailure, unreachable } from "./failure";

const failure = (more: Partial<Failure>): Failure => ({ status: 400, type: "invalid_request", message: "", ...more });

describe("explainFailure", () => {
  test.each<[string, Failure, RegExp, string]>([
    ["no credits", failure({ status: 402, type: "payment_required" }), /not enough credits/, "credits"],
    ["signed out", failure({ status: 401, type: "authentication" }), /Sign in again/, "sign-in"],
    ["too many, with a time", failure({ status: 429, retryAfter: 7 }), /Wait 7 seconds/, "retry"],
    ["too many, a second", failure({ status: 429, retryAfter: 1 }), /Wait 1 second,/, "retry"],
    ["too many", failure({ status: 429 }), /Wait a moment/, "retry"],
    [
      "a provider that failed",
      failure({ status: 502, provider: "Acme", message: "Bad gateway." }),
      /^Acme failed\. Bad gateway\.$/,
      "retry",
    ],
    ["a server that failed", failure({ status: 500, message: "Internal Server Error" }), /failed/, "retry"],
    ["something between", foreignAnswer(502), /failed/, "retry"],
    ["no connection", unreachable(), /could not be reached/, "retry"],
    ["a stream that broke", brokenOff("Acme"), /broke off/, "retry"],
    ["too long", failure({ type: "context_length_exceeded" }), /longer than the model can read/, "none"],
    ["too large", failure({ status: 413, type: "payload_too_large" }), /too large/, "none"],
    [
      "refused content",
      failure({ status: 403, type: "content_policy_violation", provider: "Acme" }),
      /Acme refused/,
      "none",
    ],
    ["a bad request", failure({ message: "temperature and seed disagree" }), /temperature and seed disagree/, "none"],
    ["nobody to serve", failure({ status: 404 }), /No provider serves/, "retry"],
  ])("%s", (_, given, words, remedy) => {
    const { text, remedy: offered } = explainFailure(given);
    expect(text).toMatch(words);
    expect(offered).toBe(remedy);
  });
});

test("the envelope says which provider it was", () => {
  const error = {
    code: 502,
    message: "boom",
    metadata: { error_type: "provider_unavailable", provider_name: "Acme" },
  };
  expect(toFailure({ error }, undefined, 3)).toEqual({
    status: 502,
    type: "provider_unavailable",
    message: "boom",
    provider: "Acme",
    retryAfter: 3,
  });
});
