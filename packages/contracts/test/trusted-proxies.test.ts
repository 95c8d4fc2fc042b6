import { parseTrustedProxies } from "@tollgate/contracts/settings/trusted-proxies";
import { expect, test } from "vitest";

test("addresses and ranges of both families are read", () => {
  expect(parseTrustedProxies("")).toEqual([]);
  expect(parseTrustedProxies("127.0.0.1, 10.1.0.0/16, ::1 ,2001:DB8:7::/48,::ffff:10.0.0.1")).toEqual([
    { address: "127.0.0.1", family: "ipv4", prefix: 32 },
    { address: "10.1.0.0", family: "ipv4", prefix: 16 },
    { address: "::1", family: "ipv6", prefix: 128 },
    { address: "2001:DB8:7::", family: "ipv6", prefix: 48 },
    { address: "::ffff:10.0.0.1", family: "ipv6", prefix: 128 },
  ]);
});

test.each(["10.0.0.0/33", "10.0.0.0/0", "::/129", "localhost", "10.0.0.1/8/9", "10.0.0.0/x", "1", "10.0.0.0/"])(
  "%j is no trusted proxy",
  (text) => expect(() => parseTrustedProxies(text)).toThrow(JSON.stringify(text)),
);
