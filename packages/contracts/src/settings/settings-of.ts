import { z } from "zod";
import { type Process, type SchemaFor, type Setting, schemaFor } from "./setting.ts";
import { SETTINGS } from "./table.ts";

type Table = typeof SETTINGS;

type ShapeOf<P extends Process> = {
  [Name in keyof Table as P extends keyof Table[Name]["uses"] ? Name : never]: SchemaFor<
    Table[Name]["kind"],
    P extends keyof Table[Name]["uses"] ? Table[Name]["uses"][P] : never
  >;
};

/** The schema of all settings that one process reads: what its `env.ts` parses. */
export function settingsOf<P extends Process>(process: P): z.ZodObject<ShapeOf<P>> {
  const rows: [string, Setting][] = Object.entries(SETTINGS);
  const shape = rows.flatMap(([name, { kind, uses }]) => {
    const need = uses[process];
    return need === undefined ? [] : [[name, schemaFor(kind, need)] as const];
  });
  return z.object(Object.fromEntries(shape)) as unknown as z.ZodObject<ShapeOf<P>>;
}
