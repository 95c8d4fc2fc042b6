import { type AwsKeys, awsSignature } from "./aws-signature.ts";
import type { CredentialFields, Signer } from "./signer.ts";

export const awsKeysOf = ({ accessKeyId = "", secretAccessKey = "", sessionToken }: CredentialFields): AwsKeys => ({
  ...{ accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
});

/** Signs the request for Bedrock with the credential's access key, or with those of the role that it has assumed. */
export const sigv4: Signer = async ({ method, origin, path, headers, body }, fields, now) => {
  const bytes = body === null || body instanceof Buffer || Array.isArray(body) ? body : null;
  const scope = { region: fields.region ?? "", service: "bedrock" as const };
  headers.push(
    ...(await awsSignature({ method, origin, path, headers, body: bytes }, awsKeysOf(fields), scope, now())),
  );
};
