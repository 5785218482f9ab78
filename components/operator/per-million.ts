import type { Picos } from "@/lib/money";

/** US dollars for a million tokens, exact: 150_000n → "0.15" */
export function perMillionText(picos: Picos): string {
  const digits = picos.toString().padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  return digits.slice(0, -6) + (fraction ? `.${fraction}` : "");
}
