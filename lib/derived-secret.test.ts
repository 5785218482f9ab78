import { expect, test } from "vitest";
import { derivedSecret, type Purpose } from "./derived-secret";

const SECRET = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";

/** As `openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt key:… -kdfopt info:… HKDF` gives them. */
const table: Record<Purpose, string> = {
  nextAuth: "9f1f1e201c71950fe76ef517edaf79fa450af0ef7072d3001ac73249ddf9af88",
  sealing: "eb70ec50d1598475198ea6727d141a56bfe81c502127e7d638c4f831800c6d33",
  sealingRing: "95570ee596dc259ea8690f89bd4ebecbc9917a723f3e5574984ed0e48a37a8d3",
};

test.each(Object.entries(table) as [Purpose, string][])("%s is what it was in every version", (purpose, hex) => {
  expect(derivedSecret(SECRET, purpose).toString("hex")).toBe(hex);
  expect(derivedSecret(`${SECRET}x`, purpose).toString("hex")).not.toBe(hex);
});
