import { TollgateError } from "@tollgate/contracts/errors";
import { Secret } from "@tollgate/control/credentials/secret";
import { Email, Instant, Name, TimeZone } from "@tollgate/control/fields";
import { parse } from "@tollgate/control/parse";
import { expect, test } from "vitest";
import { z } from "zod";

test("names are trimmed and normalised before their length is checked", () => {
  expect(Name.parse("  Ｒesearch  ")).toBe("Research");
  expect(Name.parse("<script>alert(1)</script> 🚀")).toBe("<script>alert(1)</script> 🚀");
  for (const bad of ["", "   ", "a\nb", "a\0b", "x".repeat(101)]) expect(Name.safeParse(bad).success).toBe(false);
});

test("e-mail addresses are lower-cased, and letters that only look like ASCII are refused", () => {
  expect(Email.parse("  Ada.Lovelace+ai@Example.COM ")).toBe("ada.lovelace+ai@example.com");
  for (const bad of ["аda@example.com", "ada@exаmple.com", "ａda@example.com", "ada@", "a b@example.com", "ada"])
    expect(Email.safeParse(bad).success).toBe(false);
});

test.each([
  ["sk-test-1234567890", "sk-test-1234567890"],
  ["  sk-test-1234567890\n", "sk-test-1234567890"],
  ['"sk-test-1234567890"', "sk-test-1234567890"],
  ["Bearer sk-test-1234567890", "sk-test-1234567890"],
  ["'Authorization: Bearer sk-test-1234567890'", "sk-test-1234567890"],
])("a pasted secret %j becomes %s", (pasted, secret) => {
  expect(Secret.parse(pasted)).toBe(secret);
});

test.each(["sk-test\n-1234567890", "sk-test\r\nx-evil: 1", "sk test 1234567890", "short", "sk-tést-1234567890", ""])(
  "a pasted secret %j is refused",
  (pasted) => {
    expect(Secret.safeParse(pasted).success).toBe(false);
  },
);

test("time zones come from the IANA list", () => {
  for (const zone of ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Argentina/Buenos_Aires"])
    expect(TimeZone.safeParse(zone).success).toBe(true);
  for (const zone of ["Mars/Phobos", "+01:00", "", "Europe/Berlin; drop table", "GMT+99"])
    expect(TimeZone.safeParse(zone).success).toBe(false);
});

test("instants must be existing dates with an offset in this century", () => {
  for (const text of ["2026-02-28T00:00:00Z", "2026-06-01T12:00:00+02:00"])
    expect(Instant.safeParse(text).success).toBe(true);
  for (const text of ["2026-02-31T00:00:00Z", "9999-01-01T00:00:00Z", "1969-01-01T00:00:00Z", "2026-02-28", "tomorrow"])
    expect(Instant.safeParse(text).success).toBe(false);
});

test("an error names each invalid field, and unknown ones", () => {
  const Thing = z.strictObject({ name: Name, targets: z.array(z.strictObject({ weight: z.int() })) });
  const refusal = (input: unknown): unknown => {
    try {
      return parse(Thing, input);
    } catch (error) {
      return error instanceof TollgateError
        ? [error.code, error.status, Object.keys(error.detail.fields ?? {})]
        : error;
    }
  };
  expect(refusal({ name: "", targets: [{ weight: 1.5 }] })).toEqual([
    "validation_failed",
    422,
    ["name", "targets.0.weight"],
  ]);
  expect(refusal({ name: "a", targets: [], role: "owner" })).toEqual(["validation_failed", 422, ["role"]]);
  expect(refusal("nonsense")).toEqual(["validation_failed", 422, ["_"]]);
});
