const COLOURS = 7;

/** The colour of the group with the n-th highest cost. Groups after the seventh share the last colour. */
export const seriesColour = (rank: number): string => `var(--chart-${Math.min(rank, COLOURS) + 1})`;

/** Number of groups in a chart. The others are drawn as one. */
export const GROUPS_SHOWN = COLOURS;
