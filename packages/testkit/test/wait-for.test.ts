import { waitFor } from "@tollgate/testkit/wait-for";
import { expect, test } from "vitest";

test("returns the value of the first attempt that does not fail", async () => {
  let attempts = 0;
  const given = await waitFor(
    () => {
      attempts += 1;
      if (attempts < 3) throw new Error("not yet");
      return attempts < 5 ? 0 : "done";
    },
    { everyMs: 1 },
  );
  expect([given, attempts]).toEqual(["done", 5]);
});

test("throws the last failure when its time is over", async () => {
  const waiting = waitFor(() => Promise.reject(new Error("never")), { timeoutMs: 20, everyMs: 1 });
  await expect(waiting).rejects.toMatchObject({
    message: "no success within 20 ms",
    cause: { message: "never" },
  });
});
