/** Additional settings of processes that run under chaos or attack. */
const DIR = "CHAOS_DIR";
const PROBE_PORT = "LOOP_PROBE_PORT";

/** File in that folder: the clock error of each proxy process, in milliseconds. */
export const CLOCK_FILE = "clock.json";

export const sabotageSettings = (dir: string): Record<string, string> => ({ [DIR]: dir });

/** The folder that arms kill points and sets clocks. Throws if the setting is missing. */
export function readSabotageEnv(from: NodeJS.ProcessEnv = process.env): { dir: string } {
  const dir = from[DIR];
  if (!dir) throw new Error(`${DIR} is not set`);
  return { dir };
}

export const probeSettings = (port: number): Record<string, string> => ({ [PROBE_PORT]: String(port) });

/** Port of the event loop probe. */
export const readProbePort = (from: NodeJS.ProcessEnv = process.env): number => Number(from[PROBE_PORT]);

/** Part of the names of cases, to run only these. Empty: all run. */
export const readOnlyCases = (from: NodeJS.ProcessEnv = process.env): string => from.ATTACK_ONLY ?? "";
