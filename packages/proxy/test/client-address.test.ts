import { trustedProxies } from "@tollgate/dial/client-address";
import { afterEach, expect, test } from "vitest";
import { openSetup, type Setup } from "./setup.ts";

let setup: Setup;
afterEach(() => setup.close());

/** The client in the last log line. */
const logged = (): unknown => JSON.parse(setup.logged.at(-1) ?? "{}").client;

test("a forged X-Forwarded-For is not logged as the caller", async () => {
  setup = await openSetup();
  await setup.post("not json", { "x-forwarded-for": "198.51.100.1" });
  expect(logged()).toBe("127.0.0.1");
});

test("behind a trusted proxy, the log has the address that the proxy wrote", async () => {
  setup = await openSetup({
    settings: { trustedProxies: trustedProxies([{ address: "127.0.0.0", family: "ipv4", prefix: 8 }]) },
  });
  const stranger = { authorization: "Bearer nobody", "x-real-ip": "198.51.100.2" };
  await setup.post("{}", { ...stranger, "x-forwarded-for": "198.51.100.1, 203.0.113.9" });
  expect(logged()).toBe("203.0.113.9");
  await setup.post("not json", { "x-forwarded-for": "203.0.113.10", forwarded: "for=198.51.100.2" });
  expect(logged()).toBe("203.0.113.10");
});
