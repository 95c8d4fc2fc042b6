import { readdirSync, readFileSync } from "node:fs";
import { childrenOf } from "@tollgate/testkit/children-of";
import type { TestServer } from "@tollgate/testkit/cluster";

/** Kernel clock ticks are 10 ms on every Linux a gateway runs on. */
const TICK_US = 10_000;

/** CPU time of a process on all threads, user and system, in µs. */
export function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** CPU time of one thread in µs, with nanosecond resolution. */
function threadCpuUs(pid: number, thread: number | string): number {
  const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
  return Number(ns) / 1000;
}

/** CPU time of the thread that runs Node's event loop. */
export const mainThreadCpuUs = (pid: number): number => threadCpuUs(pid, pid);

/** CPU time of all live threads. */
export const allThreadsCpuUs = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadCpuUs(pid, thread), 0);

/** Resident memory in MiB. */
export function rssMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1024;
}

/** A process that has just exited counts as 0. */
function cpuUsIfThere(pid: number): number {
  try {
    return cpuUs(pid);
  } catch {
    return 0;
  }
}

/** CPU time of Postgres. That of an exited backend cannot be read; those of a pool live as long as the pool. */
export const postgresCpuUs = (cluster: TestServer): number =>
  [cluster.pid(), ...childrenOf(cluster.pid())].reduce((sum, pid) => sum + cpuUsIfThere(pid), 0);
