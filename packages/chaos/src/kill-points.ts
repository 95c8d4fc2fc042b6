export interface KillPoint {
  /** The write that marks the point: a record to the spool, or bytes to a connection. */
  on: "spool" | "socket";
  /** The kind of the record, or text that the bytes contain. */
  writes: string;
  /** Whether the process is killed before or after that write. */
  dies: "before" | "after";
}

/** The points of a call, or of a batch of calls, at which a process is killed. */
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

/** A file of this name arms a point. The process that reaches it deletes the file and is killed. */
export const armingFile = (name: KillPointName): string => name.replaceAll(/[^a-z]+/g, "-");
