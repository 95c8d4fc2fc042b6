/** An array as text for a query: the driver takes several times the CPU time for an array of numbers or dates. */
export const arrayText = (items: readonly (string | number)[]): string => `{${items.join(",")}}`;

/** The same of instants, epoch milliseconds, for `::timestamptz[]`. */
export const instantsText = (atMs: readonly number[]): string =>
  arrayText(atMs.map((ms) => new Date(ms).toISOString()));
