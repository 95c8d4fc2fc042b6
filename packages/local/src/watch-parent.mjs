// Preloaded into every process (`node --import`): ends the process when the one that started it is gone, however it went. The starter holds the other end of a pipe it never writes to.
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

const fd = Number(process.env.TOLLGATE_WATCH_FD);
/** How long the process may take to end in order: what its starter would give it. */
const stopMs = Number(process.env.TOLLGATE_STOP_MS) || 20_000;
delete process.env.TOLLGATE_WATCH_FD;
delete process.env.TOLLGATE_STOP_MS;

if (isMainThread && fd) {
  const starter = new Socket({ fd, readable: true, writable: false });
  starter.on("error", () => undefined);
  starter.once("close", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), stopMs).unref();
  });
  starter.resume();
  starter.unref();
}
