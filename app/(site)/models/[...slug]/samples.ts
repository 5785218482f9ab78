/** One request to the model, for each way to ask it. */
export const samplesFor = (origin: string, model: string) => [
  {
    name: "curl",
    code: `curl ${origin}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENROUTER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [{"role": "user", "content": "Hello"}]
  }'`,
  },
  {
    name: "Python",
    code: `import os
from openai import OpenAI

client = OpenAI(
    base_url="${origin}/api/v1",
    api_key=os.environ["OPENROUTER_API_KEY"],
)

completion = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(completion.choices[0].message.content)`,
  },
  {
    name: "TypeScript",
    code: `import OpenAI from "openai";

const client = new OpenAI({
  baseURL: "${origin}/api/v1",
  apiKey: process.env.OPENROUTER_API_KEY,
});

const stream = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Hello" }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");`,
  },
  {
    name: "AI SDK",
    code: `import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { streamText } from "ai";

const router = createOpenRouter({
  baseURL: "${origin}/api/v1",
  apiKey: process.env.OPENROUTER_API_KEY,
});

const { textStream } = streamText({ model: router("${model}"), prompt: "Hello" });
for await (const text of textStream) process.stdout.write(text);`,
  },
];
