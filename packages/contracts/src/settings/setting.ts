import type { z } from "zod";

/** The programs that read settings. `start` is `npm start`, which passes the settings on to the processes it starts. */
export const PROCESSES = ["proxy", "worker", "dashboard", "start", "operator", "install", "seed"] as const;
export type Process = (typeof PROCESSES)[number];

/** What a process does when the setting is not set: it refuses to start, goes on without it, or uses this text. */
export type Need = "required" | "optional" | Preset;
export interface Preset {
  readonly preset: string;
}

export type Uses = { readonly [P in Process]?: Need };

/** One row of the settings table. `kind` is the one parser of the setting; its description names the allowed values. */
export interface Setting<K extends z.ZodType = z.ZodType, U extends Uses = Uses> {
  readonly kind: K;
  readonly uses: U;
  /** One or two plain sentences for the reference page. */
  readonly meaning: string;
  readonly unit: Unit | null;
}

export type Unit = "ms" | "bytes";

/** A row. `uses` says which processes read it, and what each does without it. */
export const setting = <K extends z.ZodType, const U extends Uses>(
  kind: K,
  uses: U,
  meaning: string,
  unit: Unit | null = null,
): Setting<K, U> => ({ kind, uses, meaning, unit });

/** The parser of a setting in one process. */
export type SchemaFor<K extends z.ZodType, N> = N extends "required"
  ? K
  : N extends "optional"
    ? z.ZodOptional<K>
    : z.ZodPrefault<K>;

export function schemaFor(kind: z.ZodType, need: Need): z.ZodType {
  if (need === "required") return kind;
  if (need === "optional") return kind.optional();
  return kind.prefault(need.preset);
}
