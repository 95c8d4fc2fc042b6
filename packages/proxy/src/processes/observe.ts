import { Gauge, type Registry } from "prom-client";
import type { ProcessesState } from "./messages.ts";

/** Of all processes on one port: every one of them reports the same numbers, which their parent counts. */
export function observeProcesses(registry: Registry, read: () => ProcessesState | null): void {
  const gauge = (name: string, help: string, of: (state: ProcessesState) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const state = read();
        if (state) this.set(of(state));
      },
    });
  };
  gauge("tollgate_processes_wanted", "Processes there should be.", ({ wanted }) => wanted);
  gauge("tollgate_processes_serving", "Processes in service.", ({ serving }) => serving);
  gauge("tollgate_processes_failing", "Processes that keep ending soon after their start.", ({ failing }) => failing);
  gauge("tollgate_process_restarts", "Processes started again since the parent started.", ({ restarts }) => restarts);
}
