import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { grantedHosts, hostEntries, mayReach } from "@tollgate/policy/host-rule";
import { describe, expect, test } from "vitest";

const acme = { id: "0198c0de-0000-7000-8000-000000000001", slug: "acme" };
const globex = { id: "0198c0de-0000-7000-8000-000000000002", slug: "globex" };
const hosts = parsePrivateHosts(
  `vllm.internal:8000=acme, 10.0.0.7 = ${globex.id} , shared:443=*, both=acme|globex, both=initech, [::1]:9=acme`,
);

test("an organisation may use the hosts granted to its slug, to its id, and to all organisations", () => {
  expect(grantedHosts(hosts, acme)).toEqual(["vllm.internal:8000", "shared:443", "both", "[::1]:9"]);
  expect(grantedHosts(hosts, globex)).toEqual(["10.0.0.7", "shared:443", "both"]);
  expect(grantedHosts(hosts, { id: "x", slug: "initech" })).toEqual(["shared:443", "both"]);
});

describe("an origin", () => {
  test.each([
    ["http://vllm.internal:8000", true, false],
    ["https://vllm.internal:8000", true, false],
    ["http://vllm.internal:8001", false, false],
    ["http://vllm.internal", false, false],
    ["http://10.0.0.7", false, true],
    ["http://10.0.0.7:9999", false, true],
    ["https://shared", true, true],
    ["http://shared", false, false],
    ["http://[::1]:9", true, false],
    ["https://api.openai.com", false, false],
    ["nonsense", false, false],
  ])("%s is granted to acme: %s, to globex: %s", (origin, toAcme, toGlobex) => {
    expect([acme, globex].map((organisation) => mayReach(hosts, organisation, origin))).toEqual([toAcme, toGlobex]);
  });
});

test("no hosts are granted without a setting", () => {
  expect(mayReach(parsePrivateHosts(""), acme, "http://localhost:4010")).toBe(false);
});

test.each([
  ["https://vllm.internal", ["vllm.internal", "vllm.internal:443"]],
  ["http://vllm.internal", ["vllm.internal", "vllm.internal:80"]],
  ["https://vllm.internal:8000", ["vllm.internal", "vllm.internal:8000"]],
  ["http://[::1]:9", ["[::1]", "[::1]:9"]],
])("%s can be named as %j", (url, entries) => {
  expect(hostEntries(new URL(url))).toEqual(entries);
});
