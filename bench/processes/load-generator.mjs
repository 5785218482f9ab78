// @ts-check
import { measureIdleStreams } from "../load/idle-streams.mjs";
import { measureLoad } from "../load/measure-load.mjs";
import { serveParent } from "./serve-parent.mjs";

serveParent({ measureLoad, measureIdleStreams });
