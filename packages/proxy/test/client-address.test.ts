import { trustedProxies } from "@tollgate/dial/client-address";
import { afterEach, expect, test } from "vitest";
import { type House, openHouse } from "./house.ts";

let house: House;
afterEach(() => house.close());

/** The client of the last line in the log. */
const logged = (): unknown => JSON.parse(house.logged.at(-1) ?? "{}").client;

test("a forged X-Forwarded-For is not logged as the caller", async () => {
  house = await openHouse();
  await house.post("not json", { "x-forwarded-for": "198.51.100.1" });
  expect(logged()).toBe("127.0.0.1");
});

test("behind a trusted proxy the log has the address which that proxy wrote", async () => {
  house = await openHouse({
    settings: { trustedProxies: trustedProxies([{ address: "127.0.0.0", family: "ipv4", prefix: 8 }]) },
  });
  const stranger = { authorization: "Bearer nobody", "x-real-ip": "198.51.100.2" };
  await house.post("{}", { ...stranger, "x-forwarded-for": "198.51.100.1, 203.0.113.9" });
  expect(logged()).toBe("203.0.113.9");
  await house.post("not json", { "x-forwarded-for": "203.0.113.10", forwarded: "for=198.51.100.2" });
  expect(logged()).toBe("203.0.113.10");
});
