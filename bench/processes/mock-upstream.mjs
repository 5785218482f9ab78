// @ts-check
import { startMockUpstream } from "../upstream/mock-upstream.mjs";
import { serveParent } from "./serve-parent.mjs";

const upstream = await startMockUpstream(Number(process.argv[2] ?? 0));
serveParent({ url: () => upstream.url, configure: upstream.configure, counts: upstream.counts });
