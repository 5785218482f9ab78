// `next start` on HOST and PORT, for the tests that hold its mount against the project's own server.
import { startServer } from "next/dist/server/lib/start-server.js";

await startServer({
  dir: process.cwd(),
  port: Number(process.env.PORT),
  hostname: process.env.HOST,
  isDev: false,
  allowRetry: false,
});
