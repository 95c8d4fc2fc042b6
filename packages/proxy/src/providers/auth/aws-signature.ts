import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { SignatureV4 } from "@smithy/signature-v4";

/** A request that is signed: its body as bytes. */
export interface AwsRequest {
  method: string;
  /** Scheme, host and port. */
  origin: string;
  /** Percent-encoded as it is sent, with the query. */
  path: string;
  /** Alternating names and values, names in lower case. Only the content type is signed. */
  headers: readonly string[];
  body: Buffer | readonly Buffer[] | null;
}

export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary keys. */
  sessionToken?: string;
}

/** Where the signature is valid. */
export interface AwsScope {
  region: string;
  service: "bedrock" | "sts";
}

const HASH_STEP_BYTES = 1024 * 1024;

/**
 * The headers that sign a request with AWS Signature Version 4, as alternating names and values. A large body is hashed in
 * steps. AWS refuses a signature whose time is more than five minutes off.
 */
export async function awsSignature(
  { method, origin, path, headers, body }: AwsRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsKeys,
  { region, service }: AwsScope,
  nowMs: number,
): Promise<string[]> {
  const { protocol, hostname, host, pathname, searchParams } = new URL(origin + path);
  const type = headers[headers.indexOf("content-type") + 1];
  const hashed = { host, "x-amz-content-sha256": await bodyHash(body) };
  const signer = new SignatureV4({
    ...{ region, service, sha256: Sha256 },
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  });
  const signed = await signer.sign(
    {
      ...{ method, protocol, hostname, path: pathname, query: Object.fromEntries(searchParams) },
      headers: headers.includes("content-type") && type !== undefined ? { ...hashed, "content-type": type } : hashed,
    },
    { signingDate: new Date(nowMs) },
  );
  const added = Object.entries(signed.headers).filter(([name]) => name !== "host" && name !== "content-type");
  return added.flat();
}

async function bodyHash(body: AwsRequest["body"]): Promise<string> {
  const hash = createHash("sha256");
  let bytes = 0;
  for (const part of body === null ? [] : Buffer.isBuffer(body) ? [body] : body) {
    for (let at = 0; at < part.length; at += HASH_STEP_BYTES) {
      const step = part.subarray(at, at + HASH_STEP_BYTES);
      bytes += step.length;
      hash.update(step);
      if (bytes >= HASH_STEP_BYTES) {
        bytes = 0;
        await turn();
      }
    }
  }
  return hash.digest("hex");
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: Bytes): string | Uint8Array =>
  typeof data === "string"
    ? data
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);

/** The hash as the signer wants it: keyed if it gets a secret. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}
