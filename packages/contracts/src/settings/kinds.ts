import { z } from "zod";
import { parseDomains } from "./domains.ts";
import { parsePrivateHosts } from "./private-hosts.ts";
import { parseTrustedProxies } from "./trusted-proxies.ts";

/** The kinds of values a setting can have. Each describes its allowed values, for errors and for the reference page. */

export interface Bounds {
  min?: number;
  max?: number;
}

export function whole({ min = 1, max = Number.MAX_SAFE_INTEGER }: Bounds = {}) {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return z.coerce.number().int().min(min).max(max).describe(`a whole number ${range}`);
}

/** Port 0 means any free port. */
export const port = () => whole({ min: 0, max: 65_535 });

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

/** A key as bytes. */
export const key = () =>
  z
    .string()
    .refine(isKey, `expected ${KEY}`)
    .describe(KEY)
    .transform((base64) => Buffer.from(base64, "base64"))
    .describe(KEY);

/** A text that `parse` reads. It throws an Error that says what it expected. */
export const readBy = <T>(expected: string, parse: (given: string) => T) =>
  z
    .string()
    .transform((given, context) => {
      try {
        return parse(given);
      } catch (error) {
        context.addIssue(error instanceof Error ? error.message : String(error));
        return z.NEVER;
      }
    })
    .describe(expected);

export const privateHosts = () =>
  readBy("`host=organisations`, separated by commas, such as `10.0.0.7:8000=acme|globex`", parsePrivateHosts);
export const trustedProxies = () =>
  readBy("addresses or ranges, separated by commas, such as `10.0.0.5, 10.1.0.0/16`", parseTrustedProxies);
export const domains = () => readBy("domains, separated by commas, such as `acme.com, acme.org`", parseDomains);

const isAddress = z.email();
export const addresses = () =>
  readBy("mail addresses, separated by commas", (given) => {
    const list = given.split(",").flatMap((part) => part.trim() || []);
    const wrong = list.find((address) => !isAddress.safeParse(address).success);
    if (wrong !== undefined) throw new Error(`${wrong} is not a mail address`);
    return list;
  });

export const logLevel = () => choice(["debug", "info", "warn", "error", "silent"]);
