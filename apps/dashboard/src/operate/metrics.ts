import { addBuildInfo } from "@tollgate/service/build-info";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface DashboardMetrics {
  request(method: string, status: number, seconds: number): void;
  database(isUp: boolean): void;
  text(): Promise<string>;
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);

/** Labels have few, bounded values. No label contains a path or a tenant. */
export function openMetrics(active: () => number): DashboardMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "tollgate_" });
  addBuildInfo(registry, "dashboard");
  const requests = new Counter({
    name: "tollgate_dashboard_requests_total",
    help: "Requests for pages and the admin API, by method and status.",
    labelNames: ["method", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "tollgate_dashboard_request_seconds",
    help: "Time from a request's headers to the end of its answer.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const database = new Gauge({
    name: "tollgate_database_up",
    help: "Whether the database answered the last check: 1 or 0.",
    registers,
  });
  new Gauge({
    name: "tollgate_dashboard_requests_active",
    help: "Requests under way.",
    registers,
    collect() {
      this.set(active());
    },
  });
  return {
    request(method, status, took) {
      requests.inc({ method: METHODS.has(method) ? method : "other", status });
      seconds.observe(took);
    },
    database: (isUp) => database.set(isUp ? 1 : 0),
    text: () => registry.metrics(),
  };
}
