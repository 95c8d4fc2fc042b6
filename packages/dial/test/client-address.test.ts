import { claimedAddress, clientAddress, trustedProxies } from "@tollgate/dial/client-address";
import { describe, expect, test } from "vitest";

const NOBODY = trustedProxies([]);
const TRUSTED = trustedProxies([
  { address: "127.0.0.1", family: "ipv4", prefix: 32 },
  { address: "10.1.0.0", family: "ipv4", prefix: 16 },
  { address: "::1", family: "ipv6", prefix: 128 },
  { address: "2001:db8:7::", family: "ipv6", prefix: 48 },
]);

describe("a forged X-Forwarded-For", () => {
  test("from an untrusted peer is ignored", () => {
    expect(clientAddress("203.0.113.9", "198.51.100.1", NOBODY)).toBe("203.0.113.9");
    expect(clientAddress("203.0.113.9", "198.51.100.1", TRUSTED)).toBe("203.0.113.9");
    expect(clientAddress("127.0.0.1", "198.51.100.1", NOBODY)).toBe("127.0.0.1");
  });

  test("that a trusted proxy passed on is left of what that proxy wrote, and is ignored", () => {
    expect(clientAddress("127.0.0.1", "198.51.100.1, 203.0.113.9", TRUSTED)).toBe("203.0.113.9");
    expect(clientAddress("127.0.0.1", "10.1.0.4, 203.0.113.9", TRUSTED)).toBe("203.0.113.9");
    expect(clientAddress("127.0.0.1", ["198.51.100.1", "203.0.113.9"], TRUSTED)).toBe("203.0.113.9");
  });

  test.each(["nonsense", "", "198.51.100.1, ", "1.2.3", "<script>", "unknown"])(
    "with the value %j is ignored",
    (header) => expect(clientAddress("127.0.0.1", header, TRUSTED)).toBe("127.0.0.1"),
  );

  test("with many hops is read from the right", () => {
    const header = `${"198.51.100.1,".repeat(10_000)}203.0.113.9, 10.1.2.3`;
    expect(clientAddress("127.0.0.1", header, TRUSTED)).toBe("203.0.113.9");
  });
});

test("a client behind several trusted proxies is found", () => {
  expect(clientAddress("::1", "203.0.113.9, 10.1.2.3, 2001:db8:7::5", TRUSTED)).toBe("203.0.113.9");
});

test("if all hops are trusted, the leftmost is the client", () => {
  expect(clientAddress("127.0.0.1", "10.1.0.4", TRUSTED)).toBe("10.1.0.4");
});

test.each([
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:DB8::1", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
])("%s is known as %s", (peer, address) => expect(clientAddress(peer, null, NOBODY)).toBe(address));

test("a proxy that connects by an IPv4-mapped address is trusted as the IPv4 one", () => {
  expect(clientAddress("::ffff:127.0.0.1", "203.0.113.9:4711", TRUSTED)).toBe("203.0.113.9");
  expect(clientAddress("::ffff:127.0.0.1", "[2001:db8::9]:4711", TRUSTED)).toBe("2001:db8::9");
});

test("the address that a sender names is its last hop, only if the sender is not a trusted proxy", () => {
  expect(claimedAddress("203.0.113.9", "198.51.100.1, 198.51.100.2", NOBODY)).toBe("198.51.100.2");
  expect(claimedAddress("::ffff:203.0.113.9", ["198.51.100.1"], NOBODY)).toBe("198.51.100.1");
  expect(claimedAddress("127.0.0.1", "198.51.100.1", TRUSTED)).toBeNull();
  expect(claimedAddress("203.0.113.9", "nonsense", NOBODY)).toBeNull();
  expect(claimedAddress("203.0.113.9", undefined, NOBODY)).toBeNull();
});
