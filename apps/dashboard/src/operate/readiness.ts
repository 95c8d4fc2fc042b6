import { pingDatabase } from "@tollgate/control/ping-database";
import type { Readiness } from "@tollgate/service/private-port";
import { services } from "@/lib/services.ts";

/** Timeout of a probe. */
const DATABASE_MS = 1_000;

/** Next bundles pages separately from the start-up code. Both share this object. */
const shared = globalThis as typeof globalThis & { tollgateIsDraining?: boolean };

export const beginDraining = (): void => {
  shared.tollgateIsDraining = true;
};

/** Whether a load balancer should send requests here, and if not, why. */
export async function readiness(): Promise<Readiness> {
  if (shared.tollgateIsDraining) return { isReady: false, body: { status: "draining" } };
  const isUp = await pingDatabase(services(), DATABASE_MS);
  const body = isUp ? { status: "ready", database: "ok" } : { status: "database", database: "does not answer" };
  return { isReady: isUp, body };
}
