import { isPrivateHostname, isPublicAddress } from "@tollgate/dial/public-address";
import { expect, test } from "vitest";

test.each([
  "1.1.1.1",
  "168.63.129.17",
  "2606:4700::1",
  "2001:4860:4860::8888",
  "::ffff:1.1.1.1",
  "2a00:1450:4001::5efe:1",
])("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

test.each([
  ["loopback as an IPv4-compatible address", "::7f00:1"],
  ["a public IPv4 address as a compatible one", "::1.1.1.1"],
  ["a mapped address", "::ffff:7f00:1"],
  ["a translated address", "::ffff:0:127.0.0.1"],
  ["6to4", "2002:101:101::1"],
  ["NAT64", "64:ff9b::101:101"],
  ["NAT64 with a local prefix", "64:ff9b:1::101:101"],
  ["Teredo", "2001:0:4136:e378::1"],
  ["ISATAP", "2606:4700::5efe:a00:1"],
  ["ISATAP of a global address", "2606:4700::200:5efe:a00:1"],
  ["ORCHID", "2001:10::1"],
  ["ORCHIDv2", "2001:20::1"],
  ["site-local", "fec0::1"],
  ["unique local", "fd12::1"],
  ["link-local", "fe80::1"],
  ["link-local with a zone", "fe80::1%eth0"],
  ["multicast", "ff02::1"],
  ["discard", "100::1"],
  ["documentation", "3fff::1"],
  ["segment routing", "5f00::1"],
  ["unassigned address space", "4000::1"],
  ["unspecified", "::"],
  ["shared address space", "100.64.0.1"],
  ["benchmarking", "198.18.0.1"],
  ["reserved", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["this network", "0.1.2.3"],
  ["metadata of most clouds", "169.254.169.254"],
  ["metadata of AWS", "fd00:ec2::254"],
  ["metadata of Google", "fd20:ce::254"],
  ["metadata of Azure", "168.63.129.16"],
  ["metadata of Alibaba", "100.100.100.200"],
  ["metadata of Oracle", "192.0.0.192"],
  ["metadata of Oracle in IPv6", "fd00:c1::a9fe:a9fe"],
  ["metadata of Scaleway", "fd00:42::42"],
  ["services of IBM Cloud", "161.26.0.10"],
  ["services of IBM Cloud", "166.9.12.1"],
])("%s is not public: %s", (_, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["localhost", "db.localhost", "vault.internal.", "printer.local", "intranet", "[::7f00:1]", "168.63.129.16"])(
  "the host name %s is private",
  (hostname) => expect(isPrivateHostname(hostname)).toBe(true),
);

test.each(["api.openai.com", "local.example.com", "internal.example.com"])(
  "the host name %s is not private",
  (hostname) => expect(isPrivateHostname(hostname)).toBe(false),
);
