import { expect, test } from "vitest";
import { findClientAddress, networkOf } from "./client-address";

type Case = { peer?: string; forwarded?: string; proxies?: string };

const found = ({ peer, forwarded, proxies = "" }: Case) =>
  findClientAddress(
    new Headers({ ...(peer && { "x-peer-address": peer }), ...(forwarded && { "x-forwarded-for": forwarded }) }),
    peer !== undefined,
    proxies,
  );

test.each<[Case, string | undefined]>([
  [{ peer: "198.51.100.7" }, "198.51.100.7"],
  [{ peer: "::ffff:198.51.100.7" }, "198.51.100.7"],
  [{ peer: "198.51.100.7", forwarded: "1.1.1.1" }, "198.51.100.7"],
  [{ peer: "198.51.100.7", forwarded: "1.1.1.1", proxies: "10.0.0.1" }, "198.51.100.7"],
  [{ peer: "10.0.0.1", forwarded: "1.1.1.1", proxies: "10.0.0.1" }, "1.1.1.1"],
  [{ peer: "10.0.0.1", forwarded: "6.6.6.6, 1.1.1.1", proxies: "10.0.0.0/8" }, "1.1.1.1"],
  [{ peer: "10.0.0.1", forwarded: "6.6.6.6, 1.1.1.1, 10.9.9.9", proxies: "10.0.0.0/8, 192.168.0.1" }, "1.1.1.1"],
  [{ peer: "10.0.0.1", forwarded: "6.6.6.6, nonsense", proxies: "10.0.0.0/8" }, "10.0.0.1"],
  [{ peer: "10.0.0.1", proxies: "10.0.0.0/8" }, "10.0.0.1"],
  [{ peer: "fd00::1", forwarded: "[2001:db8::5]:443", proxies: "fd00::/8" }, "2001:db8::5"],
  [{ forwarded: "1.1.1.1" }, undefined],
  [{ forwarded: "6.6.6.6, 1.1.1.1", proxies: "127.0.0.1" }, "1.1.1.1"],
  [{}, undefined],
])("%j comes from %s", (given, address) => {
  expect(found(given)).toBe(address);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:db8:1:2::9", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::", "2001:db8:1:2::/64"],
  ["::1", "0:0:0:0::/64"],
  [undefined, undefined],
])("%s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
