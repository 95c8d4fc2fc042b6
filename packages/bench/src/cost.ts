import { readdirSync, readFileSync } from "node:fs";

/** Kernel clock ticks are 10 ms on every Linux a gateway runs on. */
const TICK_US = 10_000;

/** CPU time a process has used on all its threads, user and system, in µs. */
export function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

/** CPU time of one thread in µs, to the nanosecond. */
function threadCpuUs(pid: number, thread: number | string): number {
  const [ns] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
  return Number(ns) / 1000;
}

/** Of the thread on which Node runs the event loop. */
export const mainThreadCpuUs = (pid: number): number => threadCpuUs(pid, pid);

/** Of all threads that live. */
export const allThreadsCpuUs = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadCpuUs(pid, thread), 0);

/** Resident memory in MiB. */
export function rssMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1024;
}
