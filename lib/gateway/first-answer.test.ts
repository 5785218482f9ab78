import { expect, test } from "vitest";
import type { Attempt } from "@/db/schema";
import { ProviderError, type ProviderFailure } from "@/lib/errors";
import type { Model } from "@/lib/models/catalogue";
import { endpointNamed } from "@/lib/models/endpoint-named";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { firstAnswer } from "./first-answer";
import type { Stop } from "./plan-route";

const stop = (tag: string, modelSlug: string): Stop => ({ ...endpointNamed(tag, { modelSlug }), model: {} as Model });
const stops = [stop("a", "test/one"), stop("b", "test/one"), stop("c", "test/two"), stop("d", "test/two")];

/** Opens endpoints of which those named fail so. */
async function answered(failures: Record<string, ProviderFailure>) {
  const opened: string[] = [];
  const attempts: Attempt[] = [];
  const open = async function* ({ id }: Stop): AsyncGenerator<ChatChunk> {
    opened.push(id);
    const failure = failures[id];
    if (failure) throw new ProviderError(id, failure, "No.");
    yield { choices: [{ index: 0, delta: { content: "Yes." }, finish_reason: null, native_finish_reason: null }] };
  };
  const answer = await firstAnswer(stops, open, attempts).catch((error: ProviderError) => error.failure);
  return { opened, answer: typeof answer === "string" ? answer : answer.endpoint.id, attempts };
}

test("after a provider's failure the next endpoint is asked, whichever model's it is", async () => {
  const { opened, answer, attempts } = await answered({ a: "server", b: "timeout" });
  expect({ opened, answer }).toEqual({ opened: ["a", "b", "c"], answer: "c" });
  expect(attempts).toMatchObject([
    { provider: "a", model: "test/one", failure: "server" },
    { provider: "b", model: "test/one", failure: "timeout" },
  ]);
});

test("what one provider refuses as the caller's fault is asked of no other of the same model, but of the next model", async () => {
  expect(await answered({ a: "moderation" })).toMatchObject({ opened: ["a", "c"], answer: "c" });
  expect(await answered({ a: "server", b: "invalid_request" })).toMatchObject({ opened: ["a", "b", "c"], answer: "c" });
  expect(await answered({ a: "moderation", c: "moderation" })).toMatchObject({
    opened: ["a", "c"],
    answer: "moderation",
  });
});
