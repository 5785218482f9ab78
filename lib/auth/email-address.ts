import { domainToASCII } from "node:url";
import { AppError } from "@/lib/errors";

const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * The one form in which an address is stored, compared and written to. Plain ASCII (a domain in other letters by its
 * punycode name), so that two addresses which look alike are never two users, and no address is a list of several.
 *
 * @throws AppError `invalid_request`
 */
export function normalizeEmail(text: string): string {
  const [local = "", domain = "", ...more] = text.normalize("NFKC").trim().toLowerCase().split("@");
  const host = /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) ? domainToASCII(domain) : "";
  const isWhole = more.length === 0 && local.length <= 64 && LOCAL_PART.test(local) && DOMAIN.test(host);
  if (!isWhole || text.length > 254 || host.length > 190) throw notAnAddress();
  return `${local}@${host}`;
}

const notAnAddress = () => {
  const message = "Enter an e-mail address, such as ada@example.com.";
  return new AppError("invalid_request", message, { metadata: { fields: { email: message } } });
};
