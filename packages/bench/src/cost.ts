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

/** CPU time of a process, its live children and those that have exited, in µs. */
export function familyCpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const exited = (Number(fields[13]) + Number(fields[14])) * TICK_US;
  return [pid, ...childrenOf(pid)].reduce((sum, each) => {
    try {
      return sum + allThreadsCpuUs(each);
    } catch {
      return sum; // it has just exited
    }
  }, exited);
}

/** CPU time of Postgres and all its sessions, also of those that have ended. */
export const postgresCpuUs = (cluster: Pick<TestServer, "pid">): number => familyCpuUs(cluster.pid());
