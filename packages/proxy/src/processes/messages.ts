/** What the parent of several proxy processes and its children tell each other. */

export interface Ping {
  kind: "ping";
}

export interface Pong {
  kind: "pong";
  /** Whether it listens: until then it may take as long as it likes, as long as it answers. */
  isServing: boolean;
}

/** How the processes are, as their parent sees it. */
export interface ProcessesState {
  wanted: number;
  serving: number;
  /** Starts after the first ones, since the parent started. */
  restarts: number;
  /** Processes that ended again and again without serving for long, and wait for their next start. */
  failing: number;
}

export interface State {
  kind: "state";
  state: ProcessesState;
}

export type FromParent = Ping | State;
