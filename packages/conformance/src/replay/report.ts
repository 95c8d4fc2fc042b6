import type { Replayed } from "./replay.ts";

const VERDICTS = ["same bytes", "same", "refused", "not built", "differs"] as const;

/** One line per recording with its differences, then what formats cannot express and what was changed, then the sums. */
export function report(replayed: readonly Replayed[]): string {
  const lines = [...Map.groupBy(replayed, ({ recording }) => recording)].flatMap(([recording, all]) => [
    `${recording}: ${all.map(({ surface, verdict }) => `${surface} ${verdict}`).join(", ")}`,
    ...all.filter(({ verdict }) => verdict === "differs").flatMap(differences),
  ]);
  const notes = replayed.flatMap(({ surface, verdict, notes }) =>
    verdict === "differs" ? [] : notes.map((note) => `${surface}: ${note}`),
  );
  const explained = [...Map.groupBy(notes, (note) => note)]
    .sort()
    .map(([note, all]) => `${String(all.length).padStart(5)}  ${note}`);
  const sums = [...Map.groupBy(replayed, ({ surface }) => surface)].map(([surface, all]) => {
    const counts = VERDICTS.map((verdict) => `${all.filter((each) => each.verdict === verdict).length} ${verdict}`);
    return `${surface.padEnd(26)} ${counts.join(", ")}`;
  });
  return [...lines, "", "Explained:", ...explained, "", ...sums].join("\n");
}

const differences = ({ surface, notes }: Replayed): string[] => notes.map((note) => `    ${surface}: ${note}`);
