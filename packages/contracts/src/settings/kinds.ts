import { z } from "zod";
import { parsePrivateHosts } from "./private-hosts.ts";

/** Kinds of values of settings. Each has a text of what it expects, for the error line. */

export interface Bounds {
  min?: number;
  max?: number;
}

export function whole(preset: number, { min = 1, max = Number.MAX_SAFE_INTEGER }: Bounds = {}) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return z.coerce.number().int().min(min).max(max).default(preset).describe(`a whole number ${range}`);
}

/** Port 0 means any free port. */
export const port = (preset: number, min = 0) => whole(preset, { min, max: 65_535 });

export const text = (expected: string, lengthMin = 1) => z.string().min(lengthMin).describe(expected);

export const choice = <const Options extends readonly [string, ...string[]]>(options: Options) =>
  z.enum(options).describe(`one of ${options.join(", ")}`);

const url = (protocol: RegExp, expected: string) => z.url({ protocol }).describe(expected);

export const webUrl = () => url(/^https?$/, "an http:// or https:// URL");
export const postgresUrl = () => url(/^postgres(ql)?$/, "a postgresql:// URL");
export const redisUrl = () => url(/^rediss?$/, "a redis:// or rediss:// URL");
export const smtpUrl = () => url(/^smtps?$/, "an smtp:// or smtps:// URL");

const KEY = "32 bytes in base64";
const isKey = (base64: string): boolean =>
  /^[A-Za-z0-9+/]+={0,2}$/.test(base64) && Buffer.from(base64, "base64").length === 32;

/** A key as base64 text. */
export const keyText = () => z.string().refine(isKey, `expected ${KEY}`).describe(KEY);
/** A key as bytes. */
export const key = () =>
  keyText()
    .transform((base64) => Buffer.from(base64, "base64"))
    .describe(KEY);

/** A text for `parse`; empty if not set. `parse` throws an Error that says what it expected. */
export const readBy = <T>(parse: (given: string) => T) =>
  z
    .string()
    .default("")
    .transform((given, context) => {
      try {
        return parse(given);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
        return z.NEVER;
      }
    });

export const privateHosts = () => readBy(parsePrivateHosts);

export const logLevel = () => choice(["debug", "info", "warn", "error", "silent"]).default("info");
