import { afterEach, expect, test, vi } from "vitest";
import { APP_SECRET } from "@/tests/database";
import { isPublicAddress, requireUpstreamAddress } from "./upstream-address";

vi.stubEnv("DATABASE_URL", "postgres://nowhere/none");
vi.stubEnv("APP_SECRET", APP_SECRET);
vi.stubEnv("PRIVATE_UPSTREAMS", "localhost:11434, 10.0.0.5:443");
afterEach(() => vi.restoreAllMocks());

const at = (...addresses: string[]) => ({ resolve: async () => addresses });
const refusal = (text: string, { resolve } = at("93.184.216.34")) =>
  requireUpstreamAddress(text, resolve).then(
    (url) => url,
    (error) => error.metadata.fields.baseUrl as string,
  );

test.each([
  ["https://api.example.com/v1", "https://api.example.com/v1"],
  ["https://api.example.com/", "https://api.example.com"],
  ["https://93.184.216.34/v1", "https://93.184.216.34/v1"],
  ["http://localhost:11434/v1", "http://localhost:11434/v1"],
  ["https://10.0.0.5/v1", "https://10.0.0.5/v1"],
])("%s may be stored", async (text, stored) => {
  expect(await refusal(text)).toBe(stored);
});

test.each([
  ["ftp://example.com", "An https:// address."],
  ["nonsense", "An https:// address."],
  ["https://user:password@example.com", "Without a user"],
  ["https://example.com/v1?key=1", "Without ?"],
  ["http://example.com", "It must begin with https://"],
  ["https://example.com:8443", "It must begin with https://"],
  ["http://localhost:11435/v1", "It must begin with https://"],
  ["https://127.0.0.1/v1", "not public"],
  ["https://2130706433/v1", "not public"],
  ["https://0x7f.1/v1", "not public"],
  ["https://017700000001/v1", "not public"],
  ["https://169.254.169.254/latest", "not public"],
  ["https://100.100.100.200/", "not public"],
  ["https://[::1]/v1", "not public"],
  ["https://[::ffff:127.0.0.1]/v1", "not public"],
  ["https://[64:ff9b::7f00:1]/v1", "not public"],
  ["https://[fd00:ec2::254]/", "not public"],
  ["https://[2002:7f00:1::]/", "not public"],
])("%s is refused", async (text, said) => {
  expect(await refusal(text)).toContain(said);
});

test("a name is refused when one of its addresses is not public, or it has none", async () => {
  expect(await refusal("https://api.example.com", at("93.184.216.34", "10.1.2.3"))).toContain("not public");
  expect(await refusal("https://api.example.com", at())).toBe("There is no such host.");
});

test("public addresses are", () => {
  for (const address of ["1.1.1.1", "172.32.0.1", "2606:4700::1111"]) expect(isPublicAddress(address)).toBe(true);
  for (const address of ["not an address", "", "172.31.255.255", "fe80::1", "ff02::1"])
    expect(isPublicAddress(address)).toBe(false);
});
