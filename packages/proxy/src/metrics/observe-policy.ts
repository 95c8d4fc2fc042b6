import { Gauge, type Registry } from "prom-client";
import type { PolicyAge } from "../directory/freshness.ts";

/** Stale organisations that get a series of their own; beyond them there is the number alone. */
const NAMED_MAX = 20;

/** How old the policy is that calls are judged by. */
export function observePolicy(registers: Registry[], age: (most: number) => PolicyAge): void {
  new Gauge({
    name: "tollgate_policy_age_seconds",
    help: "Since the policy of the organisation longest unread was last known to be current.",
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
    help: `Age of stale policy by organisation, of the ${NAMED_MAX} oldest.`,
    labelNames: ["organisation"],
    registers,
    collect() {
      this.reset();
      for (const { orgId, ageMs } of age(NAMED_MAX).oldest) this.set({ organisation: orgId }, ageMs / 1000);
    },
  });
}
