/** What each process of a house under chaos is told beside its own settings. */
const DIR = "CHAOS_DIR";

/** In that folder: by how many milliseconds the clock of each proxy process is wrong. */
export const CLOCK_FILE = "clock.json";

export const sabotageSettings = (dir: string): Record<string, string> => ({ [DIR]: dir });

/** The folder in which kill points are armed and clocks set. Throws where it is not told. */
export function readSabotageEnv(from: NodeJS.ProcessEnv = process.env): { dir: string } {
  const dir = from[DIR];
  if (!dir) throw new Error(`${DIR} is not set`);
  return { dir };
}
