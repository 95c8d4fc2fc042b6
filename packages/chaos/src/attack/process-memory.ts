import { readFileSync } from "node:fs";

/** Current resident memory of a process in MiB. Linux only. */
export const rssMib = (pid: number): number => field(pid, "VmRSS");

/** Peak resident memory of a process since it started, in MiB. Linux only. */
export const peakRssMib = (pid: number): number => field(pid, "VmHWM");

function field(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]) / 1024;
}
