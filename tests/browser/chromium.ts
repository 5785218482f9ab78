import { type Browser, chromium } from "playwright-core";
import { findChromium } from "../../scripts/chromium.mjs";

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: findChromium() });
