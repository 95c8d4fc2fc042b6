const COLOURS = 7;

/** The colour of the n-th dearest group; those beyond the seventh share the last one. */
export const seriesColour = (rank: number): string => `var(--chart-${Math.min(rank, COLOURS) + 1})`;

/** How many groups a chart tells apart; the others are drawn as one. */
export const GROUPS_SHOWN = COLOURS;
