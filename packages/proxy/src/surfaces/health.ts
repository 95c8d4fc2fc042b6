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

/** Whether a balancer should send work here. Old policy serves, so its age is told and does not count. */
export const ready: OpenSurface = {
  kind: "open",
  name: "readyz",
  method: "GET",
  dialect: "openai",
  answer: ({ directory, draining, spool, settings }) => {
    const isRefusing = settings.spoolFull === "refuse" && !spool.healthy();
    const status = draining() ? "draining" : !directory.ready() ? "starting" : isRefusing ? "spool" : "ready";
    const { ageMs, stale } = directory.age(0);
    return json(status === "ready" ? 200 : 503, {
      status,
      policy_age_ms: directory.ready() ? Math.round(ageMs) : null,
      stale_organisations: stale,
      fresh: directory.fresh(),
    });
  },
};
