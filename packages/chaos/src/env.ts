/** What the processes of an installation under chaos or attack are told beside their own settings. */
const DIR = "CHAOS_DIR";
const PROBE_PORT = "LOOP_PROBE_PORT";

/** In that folder: by how many milliseconds the clock of each proxy process is wrong. */
export const CLOCK_FILE = "clock.json";

export const sabotageSettings = (dir: string): Record<string, string> => ({ [DIR]: dir });

/** The folder in which kill points are armed and clocks set. Throws where it is not told. */
export function readSabotageEnv(from: NodeJS.ProcessEnv = process.env): { dir: string } {
  const dir = from[DIR];
  if (!dir) throw new Error(`${DIR} is not set`);
  return { dir };
}

export const probeSettings = (port: number): Record<string, string> => ({ [PROBE_PORT]: String(port) });

/** Where the event loop's probe listens. */
export const readProbePort = (from: NodeJS.ProcessEnv = process.env): number => Number(from[PROBE_PORT]);
