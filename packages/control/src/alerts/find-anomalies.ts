import { NANO_PER_USD, usdString } from "@tollgate/contracts/money";
import type { Pool } from "@tollgate/db/pool";
import { readBusyHours } from "../reports/busy-hours.ts";
import { raise } from "./raise.ts";

/** Spend is unusual above this multiple of the highest week, if it also exceeds it by more than a dollar. */
const TIMES = 3n;
const ABOVE_NANO = NANO_PER_USD;

const HOUR_MS = 3_600_000;

const isUnusual = (spent: bigint, usual: bigint): boolean => spent > TIMES * usual && spent - usual > ABOVE_NANO;

/**
 * Compares the spend of this hour so far, and of the previous hour, with the same hour of the past weeks. A current hour
 * can only increase, so no alert is raised too early. `orgId`: only this organisation. Returns the number of new alerts.
 */
export async function findAnomalies(pool: Pool, nowMs: number, orgId: string | null = null): Promise<number> {
  const thisHour = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const hours = [new Date(thisHour), new Date(thisHour - HOUR_MS)];
  const rows = await readBusyHours(pool, hours, ABOVE_NANO, orgId);
  const alerts = rows
    .filter(({ spent, usual }) => isUnusual(BigInt(spent), BigInt(usual)))
    .map(({ orgId, hour, spent, usual, weeks }) => ({
      orgId,
      windowStart: hour,
      facts: {
        kind: "anomaly" as const,
        hour: hour.toISOString(),
        spentUsd: usdString(BigInt(spent)),
        usualUsd: usdString(BigInt(usual)),
        weeks,
      },
    }));
  return raise(pool, alerts);
}
