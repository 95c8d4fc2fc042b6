const startedAt = Number(process.env.TOLLGATE_STARTED_AT) || Date.now();

export const secondsSinceStart = (): string => ((Date.now() - startedAt) / 1000).toFixed(1);

/** Prints a line of progress with the seconds since the command started. */
export function say(line: string): void {
  process.stdout.write(`${secondsSinceStart().padStart(6)} s  ${line}\n`);
}
