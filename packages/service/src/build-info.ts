import { Gauge, type Registry } from "prom-client";
import about from "../package.json" with { type: "json" };

/** The gauge `tollgate_build_info` is always 1. Its labels say what runs. */
export function addBuildInfo(registry: Registry, name: string): void {
  new Gauge({
    name: "tollgate_build_info",
    help: "What runs: the version of Tollgate, of Node, and which process.",
    labelNames: ["version", "node", "process"],
    registers: [registry],
  }).set({ version: about.version, node: process.versions.node, process: name }, 1);
}
