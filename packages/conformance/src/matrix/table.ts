import { FAMILIES, isBuilt, laneOf } from "./families.ts";
import { FEATURES } from "./features.ts";
import { type Cell, cellOf, stageFor, type Theatre } from "./stage.ts";
import { messagesSurface } from "./surfaces/anthropic-messages.ts";
import { googleSurface } from "./surfaces/google-generate.ts";
import { chatSurface } from "./surfaces/openai-chat.ts";
import { responsesSurface } from "./surfaces/openai-responses.ts";

export const SURFACES = [chatSurface, responsesSurface, messagesSurface, googleSurface] as const;

export const LANES = FAMILIES.filter(isBuilt).map(laneOf);

export interface Entry {
  surface: string;
  family: string;
  feature: string;
  cell: Cell;
}

/** Plays the cells whose surface, family or feature has `only` in its name, one after the other. */
export async function playTable(theatre: Theatre, only = ""): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const surface of SURFACES) {
    for (const family of FAMILIES) {
      for (const feature of FEATURES) {
        const entry = { surface: surface.id, family: family.id, feature: feature.id };
        if (!Object.values(entry).join(" ").includes(only)) continue;
        entries.push({ ...entry, cell: await cellOf(stageFor(theatre, surface, family), feature) });
      }
    }
  }
  return entries;
}

const SIGNS = { ok: "ok", refused: "refused", wrong: "WRONG", "not built": "not built" } as const;

const signOf = (cell: Cell | undefined): string => SIGNS[cell?.verdict ?? "ok"];

const widthOf = (family: string): number => Math.max(family.length, "not built".length) + 2;

/** One table per surface, then the reasons. */
export function printed(entries: readonly Entry[]): string {
  const tables = [...Map.groupBy(entries, ({ surface }) => surface)].map(([surface, all]) => {
    const families = [...new Set(all.map(({ family }) => family))];
    const rows = [...Map.groupBy(all, ({ feature }) => feature)].map(([feature, row]) => {
      const cells = families.map((family) => signOf(row.find((entry) => entry.family === family)?.cell));
      return feature.padEnd(26) + cells.map((cell, index) => cell.padEnd(widthOf(families[index] ?? ""))).join("");
    });
    return [`${surface}`.padEnd(26) + families.map((family) => family.padEnd(widthOf(family))).join(""), ...rows].join(
      "\n",
    );
  });
  const reasons = entries.flatMap(({ surface, family, feature, cell }) =>
    cell ? [`${signOf(cell)}  ${surface} → ${family}, ${feature}: ${cell.reason}`] : [],
  );
  return [...tables, reasons.join("\n")].join("\n\n");
}
