import type { Context } from "@tollgate/control/context";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { familyCpuUs, rssMib } from "../cost.ts";
import type { Operation } from "./operation.ts";
import { openServices, ownerContext, signInOwner } from "./owner.ts";
import { type RowsRead, rowsRead } from "./rows-read.ts";

/** What one operation costs. */
export interface Cost {
  /** Rows and index entries that one call reads, its authentication included. */
  rows: RowsRead;
  medianMs: number;
  p95Ms: number;
  /** CPU time of this process and Postgres. It depends less than the other times on what else the machine does. */
  cpuMs: number;
  /** Bytes of the answer as JSON. */
  bytes: number;
  /** Resident memory of the process afterwards. */
  mib: number;
}

const RUNS = 20;
const WARM_UP = 3;
/** A slow operation is measured fewer times. */
const FOR_MS = 5_000;

/** An installation, and a session of the owner of its large organisation. */
export interface Target {
  settings: Record<string, string>;
  ownerUrl: string;
  sessionId: string;
  nowMs: number;
}

/** Calls `work` on new connections of the control plane and closes them. */
async function connected<T>({ settings, sessionId, nowMs }: Target, work: (ctx: Context) => Promise<T>): Promise<T> {
  const { services, close } = openServices(settings, () => nowMs);
  return ownerContext(services, sessionId).then(work).finally(close);
}

/** Signs in at `nowMs`, the time of all that is measured. */
export async function openTarget(target: Omit<Target, "sessionId">): Promise<Target> {
  const { services, close } = openServices(target.settings, () => target.nowMs);
  const { sessionId } = await signInOwner(services).finally(close);
  return { ...target, sessionId };
}

/** Rows that an operation reads: of one call on new connections. */
export async function rowsOf(target: Target, operation: Operation): Promise<RowsRead> {
  const run = await connected(target, operation.prepare);
  return rowsRead(target.ownerUrl, () => connected(target, run));
}

/** The time that `share` of the runs took at most. */
const shareOf = (tookMs: readonly number[], share: number): number =>
  tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))] ?? 0;

function cpuUs(serverPid: number): number {
  const { user, system } = process.cpuUsage();
  return familyCpuUs(serverPid) + user + system;
}

async function timesOf(ctx: Context, operation: Operation, serverPid: number): Promise<Omit<Cost, "rows">> {
  const run = await operation.prepare(ctx);
  const tookMs: number[] = [];
  let [bytes, calls] = [0, 0];
  const beforeUs = cpuUs(serverPid);
  const untilMs = performance.now() + FOR_MS;
  for (let done = -WARM_UP; done < RUNS; done += 1) {
    const startedMs = performance.now();
    bytes = Buffer.byteLength(JSON.stringify(await run(ctx)));
    calls += 1;
    const isOver = performance.now() > untilMs;
    if (done >= 0 || isOver) tookMs.push(performance.now() - startedMs);
    if (isOver) break;
  }
  tookMs.sort((a, b) => a - b);
  const mib = rssMib(process.pid);
  const cpuMs = (cpuUs(serverPid) - beforeUs) / 1000 / calls;
  return { cpuMs, medianMs: shareOf(tookMs, 0.5), p95Ms: shareOf(tookMs, 0.95), bytes, mib };
}

/** Measures one operation through its verb, first its times and then its rows. `serverPid` is Postgres. */
export async function measure(target: Target, operation: Operation, serverPid: number): Promise<Cost> {
  const times = await connected(target, async (ctx) => {
    await updateOrganisation(ctx, { timeZone: operation.timeZone ?? "UTC" });
    return timesOf(ctx, operation, serverPid);
  });
  return { ...times, rows: await rowsOf(target, operation) };
}
