import { Gauge, type Registry } from "prom-client";
import type { PolicyAge } from "../directory/freshness.ts";

/** Maximum number of stale organisations with their own series. The rest are only counted. */
const NAMED_MAX = 20;

/** Metrics of the age of the policy in use. */
export function observePolicy(registers: Registry[], age: (most: number) => PolicyAge): void {
  new Gauge({
    name: "tollgate_policy_age_seconds",
    help: "Age of the oldest policy of any organisation: seconds since it was last known to be current.",
    registers,
    collect() {
      this.set(age(0).ageMs / 1000);
    },
  });
  new Gauge({
    name: "tollgate_policy_stale_organisations",
    help: "Organisations whose policy is older than TOLLGATE_POLICY_ALERT_MS.",
    registers,
    collect() {
      this.set(age(0).stale);
    },
  });
  new Gauge({
    name: "tollgate_policy_organisation_age_seconds",
    help: `Age of stale policy by organisation, for the ${NAMED_MAX} oldest.`,
    labelNames: ["organisation"],
    registers,
    collect() {
      this.reset();
      for (const { orgId, ageMs } of age(NAMED_MAX).oldest) this.set({ organisation: orgId }, ageMs / 1000);
    },
  });
}
