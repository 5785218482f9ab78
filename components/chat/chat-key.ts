export type MintedKey = { key: string /** Milliseconds since 1970. */; expiresAt: number };
export type MintAnswer = { ok: true; data: MintedKey } | { ok: false; message: string };

/** A key that is about to end is not begun with: an answer may be long. */
const RENEW_BEFORE_MS = 120_000;

export type ChatKey = {
  /** @throws KeyRefused */
  current: () => Promise<string>;
  /** The API does not know this key any more. */
  forget: (key: string) => void;
};

/** The signed-in account may not have a key: signed out, or frozen. */
export class KeyRefused extends Error {}

/** Holds the tab's key, in memory and nowhere else, and has it renewed when it is needed. */
export function chatKey(mint: () => Promise<MintAnswer>, now: () => number = Date.now): ChatKey {
  let minted: Promise<MintedKey> | undefined;
  let held: MintedKey | undefined;

  const renew = async (): Promise<MintedKey> => {
    const answer = await mint();
    if (!answer.ok) throw new KeyRefused(answer.message);
    held = answer.data;
    return answer.data;
  };

  return {
    async current() {
      if (held && held.expiresAt - RENEW_BEFORE_MS > now()) return held.key;
      minted ??= renew().finally(() => {
        minted = undefined;
      });
      return (await minted).key;
    },
    forget(key) {
      if (held?.key === key) held = undefined;
    },
  };
}
