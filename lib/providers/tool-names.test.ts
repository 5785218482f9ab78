import { describe, expect, test } from "vitest";
import { deltaChunk } from "@/lib/protocol/chat-chunk";
import { openAiCompatible } from "./openai-compatible";
import { callOf, collectChunks } from "./testing/calls";
import { sendStream, standIn } from "./testing/stand-in-upstream";
import { toolNames } from "./tool-names";

const tool = (name: string) => ({ type: "function", function: { name, description: "d" } });
const requestOf = (...names: string[]) => callOf({ tools: names.map(tool) }).request;
const sentNames = (...names: string[]) =>
  toolNames(requestOf(...names))
    ?.inRequest(requestOf(...names))
    .tools?.map((one) => one.function.name);

describe("toolNames", () => {
  test("leaves requests alone whose names any upstream takes", () => {
    expect(toolNames(requestOf("look", "_x", "mcp__server-1__look", "a".repeat(64)))).toBeUndefined();
    expect(toolNames(callOf().request)).toBeUndefined();
  });

  test("gives each other name one of its own", () => {
    expect(sentNames("mcp.look", "mcp/look", "mcp_look", "mcp:look", "9lives", "-x", "suche_für")).toEqual([
      ...["mcp_look_2", "mcp_look_3", "mcp_look", "mcp_look_4", "_9lives", "_-x", "suche_f_r"],
    ]);
    const long = `${"a".repeat(63)}.`;
    expect(sentNames(long, `${"a".repeat(63)}_`)).toEqual([`${"a".repeat(62)}_2`, `${"a".repeat(63)}_`]);
  });

  test("renames wherever a function is named, and nothing in the caller's own request", () => {
    const body = {
      tools: [tool("mcp.look")],
      tool_choice: { type: "function", function: { name: "mcp.look" } },
      messages: [
        { role: "user", content: "mcp.look" },
        {
          role: "assistant",
          tool_calls: [{ id: "c", type: "function", function: { name: "mcp.look", arguments: "{}" } }],
        },
        { role: "tool", tool_call_id: "c", content: "found" },
      ],
    };
    const { request } = callOf(body);
    const before = structuredClone(request);
    expect(toolNames(request)?.inRequest(request)).toMatchObject({
      tools: [{ function: { name: "mcp_look", description: "d" } }],
      tool_choice: { function: { name: "mcp_look" } },
      messages: [
        { content: "mcp.look" },
        { tool_calls: [{ id: "c", function: { name: "mcp_look", arguments: "{}" } }] },
        { content: "found" },
      ],
    });
    expect(request).toEqual(before);
  });

  test("knows a function that is named in an earlier call only", () => {
    const messages = [
      { role: "user", content: "go" },
      { role: "assistant", tool_calls: [{ id: "c", type: "function", function: { name: "a.b", arguments: "{}" } }] },
    ];
    expect(toolNames(callOf({ messages }).request)).toBeDefined();
  });

  test("gives the caller his own names back", () => {
    const names = toolNames(requestOf("mcp.look", "now"));
    const chunk = deltaChunk({
      tool_calls: [
        { index: 0, id: "c", type: "function", function: { name: "mcp_look" } },
        { index: 1, id: "d", type: "function", function: { name: "now" } },
        { index: 0, function: { arguments: "{}" } },
      ],
    });
    expect(names?.inChunk(chunk).choices[0]?.delta.tool_calls?.map((call) => call.function.name)).toEqual([
      "mcp.look",
      "now",
      undefined,
    ]);
  });
});

test.each([true, false])("an adapter sends the one and gives back the other (streamed: %s)", async (stream) => {
  const message = { tool_calls: [{ index: 0, id: "c", function: { name: "mcp_look", arguments: "{}" } }] };
  const answer = JSON.stringify({ choices: [{ index: 0, message, delta: message, finish_reason: "tool_calls" }] });
  const sent: unknown[] = [];
  const { url } = await standIn((response, { body }) => {
    sent.push(JSON.parse(body).tools[0].function.name);
    if (stream) sendStream(response, `data: ${answer}\n\n`);
    else response.end(answer);
  });
  const adapter = openAiCompatible({ provider: "A provider", kind: "openai", baseUrl: url, apiKey: "k" });
  const chunks = await collectChunks(adapter(callOf({ stream, tools: [tool("mcp.look")] })));
  expect(sent).toEqual(["mcp_look"]);
  expect(chunks[0]?.choices[0]?.delta.tool_calls?.[0]?.function.name).toBe("mcp.look");
});
