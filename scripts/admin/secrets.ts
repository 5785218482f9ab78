import { resealSecrets } from "@/lib/keys/reseal";
import { command } from "./command";

export const secretCommands = {
  reseal: command(
    "Seal every stored secret with the first of SEALING_KEYS, so that the others may be taken out. Safe while servers run.",
    {},
    async () => {
      const result = await resealSecrets();
      if (result.unopened.length > 0) process.exitCode = 1;
      return result;
    },
  ),
};
