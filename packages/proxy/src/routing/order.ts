import type { ModelPolicy, TargetPolicy } from "@tollgate/contracts/grant";

interface Routable {
  target: TargetPolicy;
}

/**
 * The order in which targets are tried. `priority`: lowest number first, weight deciding among equals. `weighted`:
 * every place is drawn by weight among those left. `random` in `[0, 1)`.
 */
export function inOrder<T extends Routable>(
  candidates: readonly T[],
  route: ModelPolicy["route"],
  random: () => number,
): T[] {
  if (candidates.length < 2) return [...candidates];
  if (route === "weighted") return drawn(candidates, random);
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
