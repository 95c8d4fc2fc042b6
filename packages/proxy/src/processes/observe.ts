import { Gauge, type Registry } from "prom-client";
import type { ProcessesState } from "./messages.ts";

/** Metrics of all processes on one port. The parent counts them, so every process reports the same numbers. */
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
  gauge("tollgate_processes_wanted", "Processes that should run.", ({ wanted }) => wanted);
  gauge("tollgate_processes_serving", "Processes in service.", ({ serving }) => serving);
  gauge("tollgate_processes_failing", "Processes that keep ending soon after their start.", ({ failing }) => failing);
  gauge("tollgate_process_restarts", "Processes started again since the parent started.", ({ restarts }) => restarts);
}
