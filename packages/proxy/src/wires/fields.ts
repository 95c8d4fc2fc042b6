import { TollgateError } from "@tollgate/contracts/errors";

export type Fields = Readonly<Record<string, unknown>>;

/**
 * A request body with readable fields. Outside of wires it has the type `object`, so code that reads a field does not
 * compile.
 */
export const fieldsOf = (body: object): Fields => body as Fields;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const invalid = (param: string, wanted: string): TollgateError =>
  new TollgateError("invalid_value", `${param} must be ${wanted}.`, { param });

export const unsupported = (param: string, providerName: string): TollgateError =>
  new TollgateError("invalid_value", `${param} is not supported by ${providerName}.`, { param });

/** The same for one value of a field. */
export const unsupportedValue = (param: string, value: unknown, providerName: string): TollgateError =>
  new TollgateError("invalid_value", `${param} ${String(value).slice(0, 64)} is not supported by ${providerName}.`, {
    param,
  });

/** Reads an optional field. Null and absent are the same. Throws 400 if `guard` does not accept the value. */
export function optional<T>(
  fields: Fields,
  name: string,
  guard: (value: unknown) => value is T,
  wanted: string,
): T | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (!guard(value)) throw invalid(name, wanted);
  return value;
}

export const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
export const isString = (value: unknown): value is string => typeof value === "string";
export const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
