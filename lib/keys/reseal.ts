import { db } from "@/db/client";
import { listSealedSecrets, updateSealedSecret } from "@/db/queries/sealed-secrets";
import { isSealedWithNewest, seal, unseal } from "@/lib/seal";

/**
 * Seals everything that is stored with the newest key, so that older ones can be taken out of the settings. Safe while
 * the server runs, and to repeat. Those that do not open are left as they are and named.
 */
export async function resealSecrets(): Promise<{ resealed: number; alreadyNewest: number; unopened: string[] }> {
  const secrets = await listSealedSecrets(db());
  const old = secrets.filter(({ sealed }) => !isSealedWithNewest(sealed));
  const unopened: string[] = [];
  for (const secret of old) {
    let opened: string;
    try {
      opened = unseal(secret.sealed, secret.owner);
    } catch {
      unopened.push(secret.owner);
      continue;
    }
    await updateSealedSecret(db(), secret, seal(opened, secret.owner));
  }
  return { resealed: old.length - unopened.length, alreadyNewest: secrets.length - old.length, unopened };
}
