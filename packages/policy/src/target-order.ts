import type { ModelPolicy, TargetPolicy } from "@tollgate/contracts/grant";

interface Routable {
  target: Pick<TargetPolicy, "priority" | "weight">;
}

export interface OrderRule<T> {
  route: ModelPolicy["route"];
  /** A number in `[0, 1)`. */
  random: () => number;
  /** Candidates to try after all others, because their credential was refused. */
  isLast: (candidate: T) => boolean;
}

/**
 * The order in which a call tries its targets. `priority`: the lowest number first, weight deciding among equals.
 * `weighted`: each place is drawn by weight from the targets that remain. A new array.
 */
export function targetOrder<T extends Routable>(
  candidates: readonly T[],
  { route, random, isLast }: OrderRule<T>,
): T[] {
  if (candidates.length < 2) return [...candidates];
  const order = route === "weighted" ? drawn(candidates, random) : byPriority(candidates, random);
  return order.sort((a, b) => Number(isLast(a)) - Number(isLast(b)));
}

function byPriority<T extends Routable>(candidates: readonly T[], random: () => number): T[] {
  const priorities = [...new Set(candidates.map(({ target }) => target.priority))].sort((a, b) => a - b);
  return priorities.flatMap((priority) =>
    drawn(
      candidates.filter(({ target }) => target.priority === priority),
      random,
    ),
  );
}

function drawn<T extends Routable>(candidates: readonly T[], random: () => number): T[] {
  const left = [...candidates];
  const order: T[] = [];
  while (left.length > 0) {
    let mark = random() * left.reduce((sum, { target }) => sum + target.weight, 0);
    const found = left.findIndex(({ target }) => {
      mark -= target.weight;
      return mark < 0;
    });
    order.push(...left.splice(Math.max(found, 0), 1));
  }
  return order;
}
