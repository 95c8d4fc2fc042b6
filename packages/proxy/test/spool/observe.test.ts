import { freshId } from "@tollgate/testkit/fresh-id";
import { expect, test } from "vitest";
import { openMetrics } from "../../src/metrics.ts";

test("each scrape reads the current state of the spool", async () => {
  const status = {
    spoolId: freshId(),
    isHealthy: true,
    writtenBytes: 900,
    unacknowledgedBytes: 400,
    oldestAtMs: null,
    open: 3,
    interrupted: 0,
    damagedBytes: 12,
    lostRecords: 0,
  };
  const metrics = openMetrics({ spool: () => status });
  const spoolMetrics = async () =>
    Object.fromEntries(
      [...(await metrics.text()).matchAll(/^tollgate_spool_(\w+) (\S+)$/gm)].map(([, ...pair]) => pair),
    );
  expect(await spoolMetrics()).toEqual({
    healthy: "1",
    unacknowledged_bytes: "400",
    oldest_seconds: "0",
    open_requests: "3",
    damaged_bytes: "12",
    lost_records: "0",
  });
  Object.assign(status, { isHealthy: false, lostRecords: 7 });
  expect(await spoolMetrics()).toMatchObject({ healthy: "0", lost_records: "7" });
});
