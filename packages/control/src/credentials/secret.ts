import { z } from "zod";

const QUOTES = /^(["'`])(.*)\1$/;

/** People often paste a header or a quoted line. Extracts the secret from it. */
function unwrap(pasted: string): string {
  const bare = pasted.trim().replace(QUOTES, "$2").trim();
  return bare
    .replace(/^authorization:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(QUOTES, "$2");
}

/** What is sealed for a server that wants no secret. */
export const NO_SECRET = "";

/** A provider's secret: visible ASCII only, so that it cannot end a header. */
export const Secret = z
  .string()
  .overwrite(unwrap)
  .min(8, "at least 8 characters")
  .max(4096, "at most 4096 characters")
  .regex(/^[!-~]+$/, "must be one line without spaces or special characters");
