import { z } from "zod";
import type { SettingName } from "./names.ts";
import { shownValue } from "./shown-value.ts";
import { unknownNames } from "./unknown-names.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

type Shape<S> = { [Name in keyof S]: Name extends SettingName ? z.ZodType : never };

/** Missing or invalid settings, one line each. No line contains a secret. */
export class SettingsError extends Error {
  override name = "SettingsError";
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

export interface Read<S extends z.ZodRawShape> {
  settings: z.output<z.ZodObject<S>>;
  /** Warnings about unknown setting names, one line each. */
  warnings: string[];
}

/** Parses the settings of one process. An empty value counts as not set. Throws `SettingsError`. */
export function readSettings<S extends z.ZodRawShape & Shape<S>>(schema: z.ZodObject<S>, from: Environment): Read<S> {
  const given = Object.fromEntries(Object.entries(from).filter(([, value]) => value !== "" && value !== undefined));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => refusal(issue, schema.shape, given));
    throw new SettingsError([...new Set(lines)]);
  }
  return { settings: parsed.data, warnings: unknownNames(Object.keys(given)) };
}

function refusal(issue: z.core.$ZodIssue, shape: z.ZodRawShape, given: Environment): string {
  const name = String(issue.path[0]);
  const expected = expectation(shape[name]);
  const reason = issue.code === "custom" || !expected ? issue.message : `expected ${expected}`;
  const value = given[name];
  return `${name} is ${value === undefined ? "not set" : shownValue(name, value, issue)}: ${reason}.`;
}

/** The expectation text of a setting, also of an optional one or one with a default. */
function expectation(schema: z.core.$ZodType | undefined): string | undefined {
  for (let inner = schema; inner; inner = inside(inner)) {
    const { description } = z.globalRegistry.get(inner) ?? {};
    if (description) return description;
  }
  return undefined;
}

function inside(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { innerType, in: input } = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
  return innerType ?? input;
}
