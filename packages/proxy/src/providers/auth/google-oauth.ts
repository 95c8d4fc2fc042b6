import { sign } from "node:crypto";
import { promisify } from "node:util";
import type { Exchange } from "./auth.ts";
import { FORM, type Reasons, tokenIn } from "./oauth-answer.ts";
import { TokenFault } from "./token-fault.ts";

const TOKEN_URL = "https://oauth2.googleapis.com/token";
const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_SECONDS = 3_600;

const REASONS: Reasons = [
  ["client", /account not found|invalid_client/i],
  ["secret", /invalid_grant/],
];

/** Runs in the thread pool: a large key takes milliseconds. */
const signed = promisify(sign);

interface KeyFile {
  client_email: string;
  private_key: string;
  private_key_id?: string;
}

/** A Google service account: a signed assertion is exchanged for a token. The addresses in its key file are not used. */
export const googleOauth: Exchange = {
  async run({ serviceAccount = "", tokenUrl: url = TOKEN_URL }, { post, now }) {
    const assertion = await assertionOf(keyFileOf(serviceAccount), url, now());
    const body = new URLSearchParams({ grant_type: GRANT, assertion }).toString();
    return tokenIn(await post({ url, headers: [...FORM], body }), { url, secret: assertion, reasons: REASONS });
  },
};

function keyFileOf(text: string): KeyFile {
  try {
    const file: Partial<KeyFile> = JSON.parse(text);
    if (typeof file.client_email === "string" && typeof file.private_key === "string") return file as KeyFile;
  } catch {
    // Reported below.
  }
  throw new TokenFault("invalid", "the credential has no key of a service account");
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

async function assertionOf(
  { client_email: iss, private_key: key, private_key_id: kid }: KeyFile,
  aud: string,
  nowMs: number,
) {
  const iat = Math.floor(nowMs / 1_000);
  const header = { alg: "RS256", typ: "JWT", ...(kid !== undefined && { kid }) };
  const text = `${encoded(header)}.${encoded({ iss, scope: SCOPE, aud, iat, exp: iat + ASSERTION_SECONDS })}`;
  try {
    return `${text}.${(await signed("sha256", Buffer.from(text), key)).toString("base64url")}`;
  } catch {
    throw new TokenFault("invalid", "the private key of the service account cannot sign");
  }
}
