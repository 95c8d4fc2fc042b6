import { expect, test } from "vitest";
import { add, ending, nothing } from "../src/tally.ts";
import { tallyOfPlaywright, tallyOfVitest } from "../src/test-reports.ts";

const vitestReport = {
  numPassedTests: 7,
  numFailedTests: 1,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [
    {
      name: "/repo/packages/a/test/one.test.ts",
      status: "failed",
      assertionResults: [
        { status: "passed", fullName: "a limit admits" },
        { status: "failed", fullName: "a limit refuses" },
      ],
    },
    { name: "/repo/packages/b/test/two.test.ts", status: "failed", assertionResults: [] },
  ],
};

const playwrightReport = {
  stats: { expected: 2, flaky: 0, unexpected: 1, skipped: 0 },
  suites: [
    {
      file: "keys.spec.ts",
      specs: [{ title: "a key is made", ok: true }],
      suites: [{ file: "keys.spec.ts", specs: [{ title: "a key is revoked", ok: false }] }],
    },
  ],
};

test("the last lines name the failed tests, then the totals", () => {
  const total = add(add(nothing, tallyOfVitest(vitestReport, "/repo")), tallyOfPlaywright(playwrightReport));
  expect(ending(total).split("\n")).toEqual([
    "FAILED packages/a/test/one.test.ts: a limit refuses",
    "FAILED packages/b/test/two.test.ts",
    "FAILED e2e/journeys/keys.spec.ts: a key is revoked",
    "9 passed, 2 failed, 1 skipped",
  ]);
});

test("a run without failures ends with only the totals", () => {
  expect(ending({ ...nothing, passed: 3 })).toBe("3 passed, 0 failed, 0 skipped");
});
