import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chatCompletions } from "@/lib/gateway/chat-completions";
import { patchKey } from "@/lib/gateway/keys-api";
import { resumeStream } from "@/lib/gateway/resume-api";
import { startExchange } from "@/lib/health/exchange";
import { nodeListener } from "@/lib/http/node-listener";

/** An app process without Next, as patient as its argument says: the handlers on a port that it prints. Ends with its parent's pipe. */
const handlers = {
  POST: nodeListener(chatCompletions, JSON.parse(process.argv[2] ?? "{}")),
  PATCH: nodeListener(patchKey),
  GET: nodeListener(resumeStream),
};
const server = createServer((request, response) =>
  handlers[request.method as keyof typeof handlers](request, response),
).listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port}`));
startExchange();
process.stdin.resume().on("end", () => process.exit(0));
