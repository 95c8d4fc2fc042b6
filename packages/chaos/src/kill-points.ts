export interface KillPoint {
  /** Which writing of the process marks it: a record into its spool, or bytes into any connection. */
  on: "spool" | "socket";
  /** The record's kind, or what the bytes hold. */
  writes: string;
  /** On which side of that writing the process dies. */
  dies: "before" | "after";
}

/** The moments of a call, and of a batch of them, at which a process is killed. */
export const KILL_POINTS = {
  "after the hold": { on: "spool", writes: "D", dies: "before" },
  "after the dispatch record": { on: "spool", writes: "D", dies: "after" },
  "after the dispatch": { on: "socket", writes: "POST /v1/chat/completions", dies: "after" },
  "in the middle of a stream": { on: "socket", writes: "data: {", dies: "after" },
  "after a stream's last event": { on: "socket", writes: "data: [DONE]", dies: "after" },
  "before the end's record": { on: "spool", writes: "S", dies: "before" },
  "after the end's record": { on: "spool", writes: "S", dies: "after" },
  "before the settling": { on: "socket", writes: "\r\nsettle\r\n", dies: "before" },
  "after the settling": { on: "socket", writes: "\r\nsettle\r\n", dies: "after" },
  "before the worker's commit": { on: "socket", writes: "commit\0", dies: "before" },
  "after the worker's commit": { on: "socket", writes: "commit\0", dies: "after" },
} as const satisfies Record<string, KillPoint>;

export type KillPointName = keyof typeof KILL_POINTS;

export const KILL_POINT_NAMES = Object.keys(KILL_POINTS) as [KillPointName, ...KillPointName[]];

/** A point is armed by a file of this name; who meets it takes the file away and dies. */
export const armingFile = (name: KillPointName): string => name.replaceAll(/[^a-z]+/g, "-");
