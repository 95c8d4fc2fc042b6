// Messages between the parent of several proxy processes and its children.

export interface Ping {
  kind: "ping";
}

export interface Pong {
  kind: "pong";
  /** True once the process listens. Before that it may take any time, as long as it answers pings. */
  isServing: boolean;
}

/** State of all processes, as counted by their parent. */
export interface ProcessesState {
  wanted: number;
  serving: number;
  /** Restarts since the parent started. */
  restarts: number;
  /** Processes that keep ending after a short time of service. */
  failing: number;
}

export interface State {
  kind: "state";
  state: ProcessesState;
}

export type FromParent = Ping | State;
