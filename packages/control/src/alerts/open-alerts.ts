import { openPool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import type { Producer } from "@tollgate/jobs/producer";
import { opener } from "@tollgate/vault/seal";
import { type Delivered, deliver } from "./deliver.ts";
import { findAnomalies } from "./find-anomalies.ts";
import { findCrossings } from "./find-crossings.ts";
import { handOut } from "./hand-out.ts";
import { mailQuarantine } from "./mail-quarantine.ts";
import type { Outbound } from "./outbound.ts";
import { raiseStalePolicy } from "./stale-policy.ts";

export interface AlertsOptions {
  /** Database URL of the role tollgate_ingest. */
  databaseUrl: string;
  /** Opens the sealed secrets of channels. */
  channelPrivateKey: Uint8Array;
  outbound: Outbound;
  jobs: Pick<Producer, "enqueue">;
  /** Origin of the dashboard, for links. */
  dashboardUrl: string;
  /** Mail addresses of the operator. Default: none. */
  operator?: readonly string[];
  onError: (error: Error) => void;
}

/** Work on the alerts of all tenants. Ingest raises alerts of thresholds while it counts. */
export interface Alerts {
  /** Raises alerts that ingest cannot raise. Returns the number of new alerts. */
  look(): Promise<number>;
  /** Enqueues waiting deliveries. Returns their number. */
  handOut(): Promise<number>;
  /** Alerts organisations whose changes do not reach a proxy. Returns the number of new alerts. */
  stalePolicy(stale: JobPayload<"policy.stale">["stale"]): Promise<number>;
  /**
   * Sends a mail to the operator if usage entered the quarantine. Returns the number of records; 0: no mail was sent.
   */
  mailQuarantine(): Promise<number>;
  /** Throws if the delivery must be retried. */
  deliver(deliveryId: string): Promise<Delivered>;
  close(): Promise<void>;
}

/** Connects on first use. */
export async function openAlerts(options: AlertsOptions): Promise<Alerts> {
  const { databaseUrl, channelPrivateKey, outbound, jobs, dashboardUrl, operator = [], onError } = options;
  const open = await opener(channelPrivateKey);
  const pool = openPool({ connectionString: databaseUrl, max: 3, onError });
  return {
    async look() {
      const nowMs = Date.now();
      return (await findCrossings(pool, nowMs)) + (await findAnomalies(pool, nowMs));
    },
    stalePolicy: (stale) => raiseStalePolicy(pool, stale),
    handOut: () => handOut(pool, jobs),
    mailQuarantine: () => mailQuarantine(pool, outbound, operator),
    deliver: (deliveryId) => deliver({ pool, open, outbound, dashboardUrl }, deliveryId),
    close: () => pool.end(),
  };
}
