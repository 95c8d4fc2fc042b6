import type { Readiness } from "@tollgate/service/private-port";
import type { Ports } from "../ports.ts";
import { openAiError } from "../wires/error-wording.ts";
import type { OpenSurface, Reply } from "./surface.ts";

const json = (status: number, body: object): Reply => ({
  status,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
});

export const alive: OpenSurface = {
  kind: "open",
  name: "healthz",
  method: "GET",
  errors: openAiError,
  answer: () => json(200, { status: "alive" }),
};

/** Whether a load balancer should send calls here, and why not. The age of the policy is shown but does not count. */
export function readiness(ports: Ports): Readiness {
  const { directory, draining, spool, limitGate, settings, processes } = ports;
  const isRefusing = settings.spoolFull === "refuse" && !spool.healthy();
  const isStarting = !directory.ready() || (directory.blocks() && limitGate.isStarting());
  const standby = directory.blocks() ? limitGate.refusal() : null;
  const isStandby = standby !== null;
  const status = draining()
    ? "draining"
    : isStarting
      ? "starting"
      : isRefusing
        ? "spool"
        : isStandby
          ? "standby"
          : "ready";
  const { ageMs, stale } = directory.age(0);
  const all = processes?.();
  return {
    isReady: status === "ready",
    body: {
      status,
      ...(isStandby && { reason: standby }),
      policy_age_ms: directory.ready() ? Math.round(ageMs) : null,
      stale_organisations: stale,
      fresh: directory.fresh(),
      ...(all && { processes: all }),
    },
  };
}

export const ready: OpenSurface = {
  kind: "open",
  name: "readyz",
  method: "GET",
  errors: openAiError,
  answer: (ports) => {
    const { isReady, body } = readiness(ports);
    return json(isReady ? 200 : 503, body);
  },
};
