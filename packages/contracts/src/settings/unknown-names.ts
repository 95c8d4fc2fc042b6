import { OTHER_NAMES, SETTING_NAMES } from "./names.ts";

const PREFIX = "TOLLGATE_";
/** Number of letters that may differ for a suggestion. */
const DISTANCE_MAX = 4;

const known = new Set<string>([...SETTING_NAMES, ...OTHER_NAMES]);

/** One line for each name that looks like a setting of Tollgate but is not one. */
export function unknownNames(names: readonly string[]): string[] {
  return names
    .filter((name) => name.startsWith(PREFIX) && !known.has(name))
    .toSorted()
    .map((name) => {
      const similar = mostSimilar(name);
      return `${name} is not a setting of Tollgate and has no effect.${similar ? ` Did you mean ${similar}?` : ""}`;
    });
}

function mostSimilar(name: string): string | undefined {
  const [nearest] = SETTING_NAMES.map((candidate) => ({ candidate, distance: distance(name, candidate) })).toSorted(
    (a, b) => a.distance - b.distance,
  );
  return nearest && nearest.distance <= DISTANCE_MAX ? nearest.candidate : undefined;
}

/** Levenshtein distance: the smallest number of letters to add, remove or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
