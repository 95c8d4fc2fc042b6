import { TollgateError } from "@tollgate/contracts/errors";
import { z } from "zod";

/** Fields that several nouns share. Text is trimmed and NFKC-normalised before its length is checked. */

export const Id = z.uuid().toLowerCase();

export const Name = z
  .string()
  .normalize("NFKC")
  .trim()
  .min(1, "is required")
  .max(100, "at most 100 characters")
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

/** A free text such as a number of the accounts. Null: none. */
export const CostCentre = Name.nullable();

/** Only ASCII addresses are allowed, because other letters can look like ASCII letters. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[!-~]+$/, "only ASCII characters")
  .pipe(z.email("is not an e-mail address"));

export const Password = z.string().min(10, "at least 10 characters").max(200, "at most 200 characters");

/** A public model name as clients send it. */
export const ModelName = z
  .string()
  .normalize("NFKC")
  .trim()
  .min(1, "is required")
  .max(128, "at most 128 characters")
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/, "only letters, digits and . _ : / @ + -");

/** A model name, or a prefix ending in `*`. */
const ModelPattern = z
  .string()
  .normalize("NFKC")
  .trim()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9._:/@+-]*\*?$/, "a model name, or a prefix ending in *");

/** Null allows every model. */
export const Allow = z.array(ModelPattern).max(500).nullable();
export const Deny = z.array(ModelPattern).max(500);

/** An instant with an offset, ISO 8601, between the years 2000 and 2100. */
export const Instant = z.iso
  .datetime({ offset: true })
  .refine((text) => text >= "2000" && text < "2100", "must be between the years 2000 and 2100");

export const TimeZone = z
  .string()
  .regex(/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/, "an IANA time zone such as Europe/Berlin")
  .refine(isTimeZone, "an IANA time zone such as Europe/Berlin");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A whole number of a query string, where everything is text. */
export const Count = (min: number, max: number) => z.coerce.number<number | string>().int().min(min).max(max);

/** Outputs: exact decimal dollars, and instants in UTC. */
export const Usd = z.string().regex(/^-?\d+(\.\d{1,9})?$/);
export const Time = z.iso.datetime();

export const Nothing = z.strictObject({});
export const ById = z.strictObject({ id: Id });
export const Done = z.object({});

export const items = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** An error for input that only the database or the clock can check, with a message per field. */
export const invalid = (fields: Record<string, string>): TollgateError =>
  new TollgateError("validation_failed", "Some fields are not valid.", { fields });
