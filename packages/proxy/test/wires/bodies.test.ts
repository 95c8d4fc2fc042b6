import { expectTypeOf, test } from "vitest";
import type { Parsed } from "../../src/call.ts";
import type { AdapterCall } from "../../src/providers/adapter.ts";

// The type check of `verify` proves it: a field of an API format does not compile outside the wires.
test("a stage and an adapter cannot read the fields of a body", () => {
  expectTypeOf<Parsed["body"]>().toEqualTypeOf<object>();
  expectTypeOf<AdapterCall["body"]>().toEqualTypeOf<object>();
  // @ts-expect-error
  expectTypeOf<Parsed["body"]>().toHaveProperty("model");
});
