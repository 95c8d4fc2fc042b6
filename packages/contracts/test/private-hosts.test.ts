import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { expect, test } from "vitest";

test("each host has the organisations of all its entries", () => {
  const hosts = parsePrivateHosts(
    "vllm.internal:8000=acme, 10.0.0.7 = Globex , shared:443=*, both=acme|globex, both=initech",
  );
  expect(Object.fromEntries([...hosts].map(([host, granted]) => [host, [...granted]]))).toEqual({
    "vllm.internal:8000": ["acme"],
    "10.0.0.7": ["globex"],
    "shared:443": ["*"],
    both: ["acme", "globex", "initech"],
  });
  expect(parsePrivateHosts("").size).toBe(0);
});

test.each(["a=b=c", "=acme", "http://a=acme", "a b=acme"])(
  "%j is refused, and the error says what was expected",
  (text) => {
    expect(() => parsePrivateHosts(text)).toThrow(/expected vllm\.internal:8000=acme/);
  },
);

test.each(["10.0.0.7:8000", "10.0.0.7:8000=", "10.0.0.7:8000=acme|", "10.0.0.7:8000=*|acme"])(
  "%j names no organisation and is refused with a correct example for this host",
  (text) =>
    expect(() => parsePrivateHosts(text)).toThrow("expected 10.0.0.7:8000=acme|globex, or 10.0.0.7:8000=* for every"),
);
