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
  dialect: "openai",
  answer: () => json(200, { status: "alive" }),
};

/** Whether a balancer should send work here. */
export const ready: OpenSurface = {
  kind: "open",
  name: "readyz",
  method: "GET",
  dialect: "openai",
  answer: ({ directory, draining, spool, settings }) => {
    const isRefusing = settings.spoolFull === "refuse" && !spool.healthy();
    const status = draining() ? "draining" : !directory.ready() ? "starting" : isRefusing ? "spool" : "ready";
    const policyAgeMs = directory.ready() ? Math.round(directory.ageMs()) : null;
    return json(status === "ready" ? 200 : 503, { status, policy_age_ms: policyAgeMs, fresh: directory.fresh() });
  },
};
