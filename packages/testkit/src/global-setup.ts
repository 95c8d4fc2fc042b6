import type { TestProject } from "vitest/node";
import { startTestCluster } from "./cluster.ts";

/** Starts one Postgres for all test files of a run. Each takes a copy with `testDatabase`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { ownerUrl, password, stop } = await startTestCluster();
  project.provide("cluster", { ownerUrl, password });
  return stop;
}
