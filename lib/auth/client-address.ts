import { BlockList, isIP } from "node:net";
import { headers } from "next/headers";
import { env } from "@/lib/env";

type Headers = { get(name: string): string | null };

/** Written by server.mjs over whatever a client sent under this name. */
const PEER = "x-peer-address";

const isOwnServer = () => Reflect.get(globalThis, Symbol.for("openrouter-self-hosted.host")) !== undefined;

/** Where the request comes from, or undefined where nothing that says so can be believed. */
export async function clientAddress(): Promise<string | undefined> {
  return findClientAddress(await headers(), isOwnServer(), env().TRUSTED_PROXIES ?? "");
}

/**
 * The peer of the socket, if it is our server that answers. A peer that is a trusted proxy is asked for whom it speaks:
 * the last hop of `X-Forwarded-For` that is not a trusted proxy itself. What stands before it anyone could have written.
 * Where the peer is unknown (a platform runs Next itself) the setting alone says whether the header is to be believed.
 */
export function findClientAddress(given: Headers, peerIsKnown: boolean, trustedProxies: string): string | undefined {
  const trusted = parseProxies(trustedProxies);
  const hops = [
    ...(trustedProxies ? (given.get("x-forwarded-for") ?? "").split(",") : []),
    ...(peerIsKnown ? [given.get(PEER) ?? ""] : []),
  ].map((hop) => plainAddress(hop.trim()));
  let last: string | undefined;
  for (const hop of hops.reverse()) {
    if (hop === undefined) return last;
    last = hop;
    if (!trusted.check(hop, isIP(hop) === 6 ? "ipv6" : "ipv4")) return hop;
  }
  return last;
}

/** Whom a limit by address counts: one who has an IPv6 address has at least 2^64 of them. */
export function networkOf(address: string | undefined): string | undefined {
  if (address === undefined || isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::", 2);
  const left = head.split(":").filter(Boolean);
  const right = tail?.split(":").filter(Boolean) ?? [];
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** @throws Error when an entry is neither an address nor a network */
export function parseProxies(list: string): BlockList {
  const proxies = new BlockList();
  for (const entry of list.split(/[\s,]+/).filter(Boolean)) {
    const [address = "", bits] = entry.split("/", 2);
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (!isIP(address)) throw new Error(`${entry} is not an address`);
    if (bits === undefined) proxies.addAddress(address, family);
    else proxies.addSubnet(address, Number(bits), family);
  }
  return proxies;
}

/** Without a port, without brackets, and IPv4 as such also where it came by an IPv6 socket. */
function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = /^::ffff:([\d.]+)$/i.exec(bare)?.[1] ?? bare.split("%", 1)[0] ?? "";
  return isIP(address) ? address.toLowerCase() : undefined;
}
