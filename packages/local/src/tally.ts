/** How many tests ended how, and the names of those that failed. */
export type Tally = { passed: number; failed: number; skipped: number; failures: string[] };

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
});

/** The last lines of a run: the name of each failed test, then the sum, which stands alone on the last line. */
export const ending = ({ passed, failed, skipped, failures }: Tally): string =>
  [...failures.map((name) => `FAILED ${name}`), `${passed} passed, ${failed} failed, ${skipped} skipped`].join("\n");
