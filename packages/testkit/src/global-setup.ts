import type { TestProject } from "vitest/node";
import { startTestCluster } from "./cluster.ts";

/** One Postgres for all test files of a run; each takes a copy with `testDatabase`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { ownerUrl, password, stop } = await startTestCluster();
  project.provide("cluster", { ownerUrl, password });
  return stop;
}
