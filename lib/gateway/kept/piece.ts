import { seal, unseal } from "@/lib/seal";

/** A piece opens in its own place of its own answer alone. */
const owner = (answerId: string, seq: number) => `kept_pieces.${answerId}.${seq}`;

export const sealPiece = (answerId: string, seq: number, text: string) => seal(text, owner(answerId, seq));

/** @throws Error where it was sealed with a key that is not in the settings any more */
export const openPiece = (answerId: string, { seq, sealed }: { seq: number; sealed: string }) =>
  unseal(sealed, owner(answerId, seq));
