import type { FromParent, Pong, ProcessesState } from "./messages.ts";

export interface Parent {
  /** Reports this process as in service. From then on it is replaced when it does not answer for 1.4 seconds. */
  serving(): void;
  /** Null when this is the only process, or before the parent's first message. */
  state(): ProcessesState | null;
}

/** Answers the pings of the parent, if there is one. A process that hangs does not answer and is replaced. */
export function answerParent(): Parent {
  let isServing = false;
  let state: ProcessesState | null = null;
  const pong = (): void => {
    const message: Pong = { kind: "pong", isServing };
    // This process may have no parent, or the parent may just have exited.
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
