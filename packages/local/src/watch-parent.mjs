// Preloaded into every process of the house (`node --import`): ends the process when the one that started it is gone,
// however it went. The starter holds the other end of a pipe it never writes to.
import { Socket } from "node:net";
import { isMainThread } from "node:worker_threads";

const fd = Number(process.env.TOLLGATE_WATCH_FD);
delete process.env.TOLLGATE_WATCH_FD;

const drainMsMax = 20_000;

if (isMainThread && fd) {
  const starter = new Socket({ fd, readable: true, writable: false });
  starter.on("error", () => undefined);
  starter.once("close", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), drainMsMax).unref();
  });
  starter.resume();
  starter.unref();
}
