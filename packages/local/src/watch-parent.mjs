// Preloaded into every process (`node --import`): ends the process when its parent has exited in any way. The parent holds the
// other end of a pipe and never writes to it.
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

const fd = Number(process.env.TOLLGATE_WATCH_FD);
/** Time for the process to end in order, as its parent would allow. */
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
