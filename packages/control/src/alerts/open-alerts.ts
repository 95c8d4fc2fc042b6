import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Producer } from "@tollgate/jobs/producer";
import { opener } from "@tollgate/vault/seal";
import { type Delivered, deliver } from "./deliver.ts";
import { findAnomalies } from "./find-anomalies.ts";
import { findCrossings } from "./find-crossings.ts";
import { handOut } from "./hand-out.ts";
import type { Outbound } from "./outbound.ts";
import { raiseStalePolicy } from "./stale-policy.ts";

export interface AlertsOptions {
  /** Of the role tollgate_ingest. */
  databaseUrl: string;
  /** Opens what channels keep sealed. */
  channelPrivateKey: Uint8Array;
  outbound: Outbound;
  jobs: Pick<Producer, "enqueue">;
  /** Origin of the dashboard, for links. */
  dashboardUrl: string;
  onError: (error: Error) => void;
}

/** What the system does about alerts on behalf of every tenant; those of thresholds ingest raises as it counts. */
export interface Alerts {
  /** Raises what ingest could not; how many alerts were new. */
  look(): Promise<number>;
  /** How many deliveries the queue was given. */
  handOut(): Promise<number>;
  /** Tells organisations that their changes do not reach a proxy; how many alerts were new. */
  stalePolicy(stale: JobPayload<"policy.stale">["stale"]): Promise<number>;
  /** Throws when the delivery is to be tried again. */
  deliver(deliveryId: string): Promise<Delivered>;
  close(): Promise<void>;
}

/** Connects on first use. */
export async function openAlerts(options: AlertsOptions): Promise<Alerts> {
  const { databaseUrl, channelPrivateKey, outbound, jobs, dashboardUrl, onError } = options;
  const open = await opener(channelPrivateKey);
  const pool = openPool({ connectionString: databaseUrl, max: 3, onError });
  return {
    async look() {
      const nowMs = Date.now();
      return (await findCrossings(pool, nowMs)) + (await findAnomalies(pool, nowMs));
    },
    stalePolicy: (stale) => raiseStalePolicy(pool, stale),
    handOut: () => handOut(pool, jobs),
    deliver: (deliveryId) => deliver({ pool, open, outbound, dashboardUrl }, deliveryId),
    close: () => pool.end(),
  };
}
