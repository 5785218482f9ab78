// @ts-check
import { startBareProxy } from "../targets/bare-proxy.mjs";
import { serveParent } from "./serve-parent.mjs";

const proxy = await startBareProxy(process.argv[2] ?? "");
serveParent({ url: () => proxy.url });
