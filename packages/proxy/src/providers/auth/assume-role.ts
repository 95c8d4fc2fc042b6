import { scrubbedText } from "../scrubbed.ts";
import type { Exchange, Exchanged } from "./auth.ts";
import { awsSignature } from "./aws-signature.ts";
import type { CredentialFields } from "./signer.ts";
import { awsKeysOf } from "./sigv4.ts";
import { TokenFault, type TokenFaultKind } from "./token-fault.ts";
import type { TokenAnswer } from "./token-post.ts";

/** Each role allows it, also one that is assumed by another role. */
const SESSION_SECONDS = 3_600;
const SESSION_NAME = "tollgate";
const REASON_CHARS_MAX = 500;

const REASONS: readonly (readonly [TokenFaultKind, RegExp])[] = [
  ["clock", /^\w+: Signature (?:expired|not yet current)/],
  ["region", /^RegionDisabledException|scoped to a valid region/],
  ["client", /^(?:InvalidClientTokenId|UnrecognizedClientException|OptInRequired)\b/],
  ["secret", /^(?:SignatureDoesNotMatch|InvalidSignatureException|ExpiredToken(?:Exception)?)\b/],
  ["role", /^(?:AccessDenied(?:Exception)?|ValidationError|MalformedPolicyDocument)\b/],
];

/** Assumes the role of a credential with its access key, at AWS's token service of the region. */
export const assumeRole: Exchange = {
  needs: ({ roleArn }) => roleArn !== undefined && roleArn !== "",
  async run(fields, { post, now }) {
    const { region = "", roleArn = "", externalId } = fields;
    const url = new URL(fields.tokenUrl ?? `https://sts.${region}.amazonaws.com/`);
    const body = new URLSearchParams({
      ...{ Action: "AssumeRole", Version: "2011-06-15", RoleArn: roleArn, RoleSessionName: SESSION_NAME },
      ...{ DurationSeconds: String(SESSION_SECONDS), ...(externalId && { ExternalId: externalId }) },
    }).toString();
    const headers = ["content-type", "application/x-www-form-urlencoded; charset=utf-8"];
    const path = url.pathname + url.search;
    const request = { method: "POST", origin: url.origin, path, headers, body: Buffer.from(body) };
    const signature = await awsSignature(request, awsKeysOf(fields), { region, service: "sts" }, now());
    const answer = await post({ url: url.href, headers: [...headers, ...signature], body });
    return sessionIn(answer, url.host, fields, now());
  },
};

/** Reads the answer, which is XML. Throws `TokenFault`. */
function sessionIn({ status, body }: TokenAnswer, host: string, fields: CredentialFields, nowMs: number): Exchanged {
  if (status < 200 || status > 299) throw refusal(status, body, host, fields);
  const accessKeyId = textIn(body, "AccessKeyId");
  const secretAccessKey = textIn(body, "SecretAccessKey");
  const sessionToken = textIn(body, "SessionToken");
  if (!accessKeyId || !secretAccessKey || !sessionToken) {
    throw new TokenFault("invalid", `${host}: the answer contains no keys`, status);
  }
  const lastsMs = Date.parse(textIn(body, "Expiration") ?? "") - nowMs;
  // An end in the past means that a clock is wrong. Keys without a lifetime would be got for each call.
  const lifetimeMs = lastsMs > 0 ? Math.min(lastsMs, SESSION_SECONDS * 1_000) : SESSION_SECONDS * 500;
  return { fields: { ...fields, accessKeyId, secretAccessKey, sessionToken }, lifetimeMs };
}

function refusal(status: number, body: string, host: string, { secretAccessKey = "" }: CredentialFields): TokenFault {
  const texts = [textIn(body, "Code"), textIn(body, "Message")].filter((text) => text !== undefined);
  const reason = scrubbedText(texts.join(": "), secretAccessKey).slice(0, REASON_CHARS_MAX);
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429 && !/^Throttl/.test(reason);
  const kind = isRefusal ? (REASONS.find(([, text]) => text.test(reason))?.[0] ?? "refused") : "unreachable";
  return new TokenFault(kind, `${host}: ${status} ${reason || "without a reason"}`, status);
}

/** The text of an element that has no other elements in it. Undefined: there is none. */
const textIn = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]{1,16384})</${name}>`).exec(xml)?.[1]?.trim();
