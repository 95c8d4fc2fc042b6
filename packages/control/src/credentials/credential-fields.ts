import { createPrivateKey } from "node:crypto";
import { CREDENTIAL_FIELDS, type CredentialFieldName, ruleOf } from "@tollgate/catalog/providers";
import { z } from "zod";

const QUOTES = /^(["'`])(.*)\1$/;

/** People often paste a header or a quoted line. Extracts the value from it. */
function unwrap(pasted: string): string {
  const bare = pasted.trim().replace(QUOTES, "$2").trim();
  return bare
    .replace(/^authorization:\s*/i, "")
    .replace(/^bearer\s+/i, "")
    .replace(QUOTES, "$2");
}

const SECRET_CHARS_MIN = 8;

/** The value of one field. A secret is visible ASCII only, so that it cannot end a header. */
function schemaOf(name: CredentialFieldName) {
  const { isSecret, pattern, charsMax, wrong } = ruleOf(name);
  const text = z.string().overwrite(isSecret ? unwrap : (given) => given.trim());
  const long = isSecret ? text.min(SECRET_CHARS_MIN, `at least ${SECRET_CHARS_MIN} characters`) : text;
  return long.max(charsMax, `at most ${charsMax} characters`).regex(pattern, wrong);
}

const RSA_BITS_MIN = 2_048;
const RSA_BITS_MAX = 4_096;

/** What is wrong with a Google key file; null: nothing. */
function keyFileFault(text: string): string | null {
  const file = parsedKeyFile(text);
  if (!file) return "must be the JSON of a key file";
  if (file.type !== "service_account") return "must be the key file of a service account";
  if (typeof file.client_email !== "string" || !/^[!-~]{3,300}$/.test(file.client_email)) return "has no client_email";
  if (typeof file.private_key !== "string") return "has no private_key";
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(file.private_key);
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    if (asymmetricKeyType === "rsa" && bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX) return null;
    return `its private_key must be an RSA key of ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits`;
  } catch {
    return "its private_key is not a private key in PEM format";
  }
}

export function parsedKeyFile(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const ServiceAccount = schemaOf("serviceAccount").superRefine((text, ctx) => {
  const message = keyFileFault(text);
  if (message) ctx.addIssue({ code: "custom", message });
});

type Values = Record<CredentialFieldName, z.ZodString>;

/** The schema of each field, by its name in the API. */
export const FIELD_VALUES = {
  ...Object.fromEntries(CREDENTIAL_FIELDS.map((name) => [name, schemaOf(name)])),
  serviceAccount: ServiceAccount,
} as Values;
