import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { addressFrom, requireFree } from "../../../scripts/quickstart/address.mjs";

it.each([
  [{}, { host: "127.0.0.1", port: 3000, url: "http://127.0.0.1:3000" }],
  [
    { HOST: "", PORT: "" },
    { host: "127.0.0.1", port: 3000, url: "http://127.0.0.1:3000" },
  ],
  [{ PORT: "8080" }, { host: "127.0.0.1", port: 8080, url: "http://127.0.0.1:8080" }],
  [{ HOST: "0.0.0.0" }, { host: "0.0.0.0", port: 3000, url: "http://127.0.0.1:3000" }],
  [{ HOST: "::1" }, { host: "::1", port: 3000, url: "http://[::1]:3000" }],
])("takes the address from %j", (env, address) => {
  expect(addressFrom(env)).toEqual(address);
});

it.each(["0", "65536", "3000.5", "web", "-1"])("refuses PORT=%s", (PORT) => {
  expect(() => addressFrom({ PORT })).toThrow(`PORT is "${PORT}", but has to be a number from 1 to 65535.`);
});

it("names another port when this one is taken, and is content once it is free", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as { port: number };
  const address = addressFrom({ PORT: String(port) });
  await expect(requireFree(address)).rejects.toThrow(
    `Port ${port} is taken by another program. Give another one: PORT=`,
  );
  holder.close();
  await once(holder, "close");
  await expect(requireFree(address)).resolves.toBeUndefined();
});

it("says so when the address is not one of this machine", async () => {
  await expect(requireFree(addressFrom({ HOST: "192.0.2.1" }))).rejects.toThrow("cannot be used on 192.0.2.1");
});
