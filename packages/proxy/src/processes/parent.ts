import type { FromParent, Pong, ProcessesState } from "./messages.ts";

export interface Parent {
  /** From now on this process counts as in service, and is replaced when it falls silent. */
  serving(): void;
  /** Null: this is the only process, or the parent has not said yet. */
  state(): ProcessesState | null;
}

/** Answers the parent's pings, if there is one. A process that is stopped or hangs does not, and is replaced. */
export function answerParent(): Parent {
  let isServing = false;
  let state: ProcessesState | null = null;
  const pong = (): void => {
    const message: Pong = { kind: "pong", isServing };
    // Without a parent, or with one that has just ended, there is nobody to tell.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  process.on("message", (message: FromParent) => {
    if (message.kind === "ping") pong();
    else state = message.state;
  });
  return {
    serving() {
      isServing = true;
      pong();
    },
    state: () => state,
  };
}
