import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AwsV4Signer } from "aws4fetch";

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface SignedRequest {
  method: string;
  /** As it was sent, with the query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/(\w+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w{64})$/;

/**
 * What is wrong with the signature of a request (AWS Signature Version 4); null: it is right. The signature is computed
 * again by another library than the one that made it, from what arrived. `nowMs`: AWS accepts five minutes of difference.
 */
export async function signatureFault(
  { method, path, headers, body }: SignedRequest,
  keys: AwsKeys,
  scope: { region: string; service: string; nowMs?: number },
): Promise<string | null> {
  const [, keyId, day, region, service, names = "", signature] =
    AUTHORIZATION.exec(String(headers.authorization ?? "")) ?? [];
  const datetime = String(headers["x-amz-date"] ?? "");
  if (signature === undefined) return "there is no signature";
  if (keyId !== keys.accessKeyId) return "another access key";
  if (region !== scope.region || service !== scope.service) return `Credential should be scoped to a valid region.`;
  if (headers["x-amz-security-token"] !== keys.sessionToken) return "another session token";
  if (!datetime.startsWith(day ?? "")) return "two dates";
  const signedAt = Date.parse(datetime.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (Math.abs(signedAt - (scope.nowMs ?? Date.now())) > 300_000) return "Signature expired";
  const hash = createHash("sha256").update(body).digest("hex");
  if ((headers["x-amz-content-sha256"] ?? hash) !== hash) return "the body is not the one that was signed";
  const signed = names.split(";");
  if (!["host", "x-amz-date"].every((name) => signed.includes(name))) return "host or date is not signed";
  const given = signed.filter((name) => name !== "host" && name !== "x-amz-date" && name !== "x-amz-security-token");
  const signer = new AwsV4Signer({
    ...{ ...keys, ...scope, method, datetime, allHeaders: true },
    url: `http://${headers.host}${path}`,
    headers: Object.fromEntries(given.map((name) => [name, String(headers[name])])),
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  return (await signer.signature()) === signature ? null : "The request signature we calculated does not match";
}
