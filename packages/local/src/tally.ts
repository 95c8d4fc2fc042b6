/** Numbers of tests by result, and the names of failed tests. */
export type Tally = { passed: number; failed: number; skipped: number; failures: string[] };

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

export const add = (a: Tally, b: Tally): Tally => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  failures: [...a.failures, ...b.failures],
});

/** The last lines of a run: the names of failed tests, then the totals on the last line. */
export const ending = ({ passed, failed, skipped, failures }: Tally): string =>
  [...failures.map((name) => `FAILED ${name}`), `${passed} passed, ${failed} failed, ${skipped} skipped`].join("\n");
