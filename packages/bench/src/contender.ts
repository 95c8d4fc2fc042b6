/** One way from the load to the provider. `direct` has no process; a worker is not counted as part of one. */
export interface Contender {
  name: "direct" | "floor" | "floor + worker" | "portkey" | "tollgate" | "translated" | "tollgate + worker";
  origin: string;
  headers: Record<string, string>;
  /** The model that it is asked for. Default: `MODEL`. */
  model?: string;
  pid: number | null;
  /** Called before each turn. */
  prepare?(): Promise<void>;
  /** Resolves when it is idle, so that it does not disturb the next turn. */
  atRest?(): Promise<void>;
  stop(): Promise<void>;
}
