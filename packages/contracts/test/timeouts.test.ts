import { ModelTimeouts } from "@tollgate/contracts/timeouts";
import { expect, test } from "vitest";

test.each([Number.NaN, 99, 60_001, 1_000.5, "1000"])(
  "the time %s is refused with its bounds in milliseconds and in seconds, which pages show",
  (connectMs) => {
    expect(ModelTimeouts.safeParse({ connectMs }).error?.issues).toMatchObject([
      { path: ["connectMs"], message: "a whole number of milliseconds from 100 to 60000 (0.1 to 60 seconds)" },
    ]);
  },
);
