import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AwsKeys, signatureFault } from "./sigv4.ts";

export interface Sts {
  url: string;
  /** The parameters of all requests with a valid signature. */
  asked: readonly URLSearchParams[];
  /** The keys of the nth role session, from 1. */
  keys(order: number): Required<AwsKeys>;
  /** The next request is refused with this code. */
  refuseNext(code: string, message: string): void;
  /** How long the next sessions last. */
  lasts(seconds: number): void;
  close(): Promise<void>;
}

const refusal = (code: string, message: string): string =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;

/** AWS's token service on 127.0.0.1: it assumes any role for one access key, and verifies the signature. */
export async function startSts(owner: AwsKeys, region: string, now = Date.now): Promise<Sts> {
  const asked: URLSearchParams[] = [];
  const refusals: [code: string, message: string][] = [];
  let lastsSeconds = 3_600;
  const keys = (order: number): Required<AwsKeys> => ({
    accessKeyId: `ASIAROLESESSION${String(order).padStart(5, "0")}`,
    secretAccessKey: `role-secret-${order}/with+signs`,
    sessionToken: `session-token-${order}==`,
  });
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const { method = "GET", url: path = "/", headers } = request;
    const scope = { region, service: "sts", nowMs: now() };
    const fault = await signatureFault({ method, path, headers, body }, owner, scope);
    const [code, message] = refusals.shift() ?? (fault === null ? [] : ["SignatureDoesNotMatch", fault]);
    response.writeHead(code === undefined ? 200 : 403, { "content-type": "text/xml" });
    if (code !== undefined) {
      response.end(refusal(code, message ?? ""));
      return;
    }
    asked.push(new URLSearchParams(body.toString()));
    const { accessKeyId, secretAccessKey, sessionToken } = keys(asked.length);
    response.end(
      '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>' +
        `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
        `<SessionToken>${sessionToken}</SessionToken>` +
        `<Expiration>${new Date(now() + lastsSeconds * 1_000).toISOString()}</Expiration>` +
        "</Credentials></AssumeRoleResult></AssumeRoleResponse>",
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    keys,
    refuseNext: (code, message) => void refusals.push([code, message]),
    lasts: (seconds) => {
      lastsSeconds = seconds;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
