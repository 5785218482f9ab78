import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";

type Resolve = (host: string) => Promise<string[]>;

const LONGEST = 500;

/** What is not the public internet, by the registries of special addresses. */
const NOT_PUBLIC_V4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"],
  ...["192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"],
  ...["224.0.0.0/4", "240.0.0.0/4"],
];
/** Of IPv6 only 2000::/3 is public, and in it not Teredo, documentation and 6to4. */
const PUBLIC_V6 = ["2000::/3"];
const NOT_PUBLIC_V6 = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];

const blocks = (networks: string[], family: "ipv4" | "ipv6") => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
};
const notPublicV4 = blocks(NOT_PUBLIC_V4, "ipv4");
const publicV6 = blocks(PUBLIC_V6, "ipv6");
const notPublicV6 = blocks(NOT_PUBLIC_V6, "ipv6");

export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !notPublicV4.check(address, "ipv4");
  return isIP(address) === 6 && publicV6.check(address, "ipv6") && !notPublicV6.check(address, "ipv6");
}

/**
 * A provider's base URL as it may be stored: https at a public address, or an exact host and port of PRIVATE_UPSTREAMS.
 * Every address that the name has now is looked at; whoever owns a public name may point it elsewhere later, so that the
 * network's own rules for what goes out stay the outer wall.
 * @throws AppError `invalid_request` with a sentence for the field `baseUrl`
 */
export async function requireUpstreamAddress(text: string, resolve: Resolve = addressesOf): Promise<string> {
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || text.length > LONGEST) throw wrong("An https:// address.");
  if (url.username || url.password) throw wrong("Without a user and a password in it.");
  if (url.search || url.hash) throw wrong("Without ? and # in it.");
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  if (env().PRIVATE_UPSTREAMS?.includes(`${url.hostname}:${port}`)) return url.href.replace(/\/$/, "");
  if (url.protocol !== "https:" || port !== "443")
    throw wrong("It must begin with https:// and have no port, unless PRIVATE_UPSTREAMS names it.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) ? [host] : await resolve(host).catch(() => []);
  if (addresses.length === 0) throw wrong("There is no such host.");
  if (!addresses.every(isPublicAddress)) throw wrong("It leads to an address that is not public.");
  return url.href.replace(/\/$/, "");
}

const addressesOf: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

const wrong = (sentence: string) =>
  new AppError("invalid_request", `Base URL: ${sentence}`, { metadata: { fields: { baseUrl: sentence } } });
