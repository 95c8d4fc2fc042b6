/** One way from the load to the provider. `direct` has no process; a worker is not counted as part of one. */
export interface Contender {
  name: "direct" | "floor" | "portkey" | "tollgate" | "tollgate + worker";
  origin: string;
  headers: Record<string, string>;
  pid: number | null;
  /** Resolves when it is idle, so that it does not disturb the next turn. */
  atRest?(): Promise<void>;
  stop(): Promise<void>;
}
