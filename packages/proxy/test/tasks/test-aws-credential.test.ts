import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parsePrivateHosts } from "@tollgate/contracts/settings/private-hosts";
import { type AwsKeys, signatureFault } from "@tollgate/testkit/sigv4";
import { type Sts, startSts } from "@tollgate/testkit/sts";
import { Opened } from "@tollgate/vault/opened";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { testCredential } from "../../src/tasks/credential-test/test-credential.ts";
import { guardedGet, guardedPost } from "../../src/tasks/guarded-get.ts";
import { credential, id } from "../setup.ts";

const KEYS: AwsKeys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const REGION = "us-east-1";
const ROLE = "arn:aws:iam::123456789012:role/tollgate";
const GRANTED = parsePrivateHosts("127.0.0.1=*");

/** Bedrock: it knows these keys, and says the time as AWS does. */
let known: AwsKeys;
let clockMs: number;
let origin: string;
let sts: Sts;
let close: () => void;
let paths: string[];

beforeEach(async () => {
  known = KEYS;
  clockMs = Date.now();
  paths = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    paths.push(path);
    const scope = { region: REGION, service: "bedrock", nowMs: clockMs };
    const fault = await signatureFault({ method, path, headers, body: Buffer.alloc(0) }, known, scope);
    const message =
      fault === "another access key" ? "The security token included in the request is invalid." : (fault ?? undefined);
    response.writeHead(fault === null ? 200 : 403, { "content-type": "application/json" });
    response.end(JSON.stringify(fault === null ? { asyncInvokeSummaries: [] } : { message }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sts = await startSts(KEYS, REGION);
  close = () => {
    server.closeAllConnections();
    server.close();
  };
});
afterEach(async () => {
  close();
  await sts.close();
});

const run = (fields: Record<string, string> = {}) =>
  testCredential(
    {
      organisation: { id: id(), slug: "acme" },
      credential: credential(origin, { provider: "bedrock" }),
      input: {},
      signal: new AbortController().signal,
    },
    {
      vault: {
        open: () => new Opened({ scheme: "sigv4", fields: { region: REGION, ...KEYS, ...fields } }),
        reseal: async () => "",
      },
      lanes: new Lanes(),
      stream: () => Promise.reject(new Error("not used")),
      get: guardedGet(GRANTED),
      post: guardedPost(GRANTED),
      now: Date.now,
    },
  );

describe("the test of an access key", () => {
  it("works with the right one, at the host that it was stored for", async () => {
    expect(await run()).toMatchObject({ outcome: "works", status: 200 });
    expect(paths).toEqual(["/async-invoke?maxResults=1"]);
  });

  it.each<[string, Record<string, string>]>([
    ["wrong_secret", { secretAccessKey: "another-secret-access-key" }],
    ["wrong_secret", { accessKeyId: "AKIAANOTHERACCESSKEY" }],
    ["wrong_region", { region: "eu-west-1" }],
  ])("says %s for %j", async (outcome, fields) => {
    expect(await run(fields)).toMatchObject({ outcome, status: 403 });
  });

  it("says that the clock is wrong", async () => {
    clockMs += 600_000;
    expect(await run()).toMatchObject({ outcome: "wrong_clock" });
  });
});

describe("the test of a role", () => {
  it("works with the keys of the role", async () => {
    known = sts.keys(1);
    expect(await run({ roleArn: ROLE, tokenUrl: sts.url })).toMatchObject({ outcome: "works" });
  });

  it.each([
    ["wrong_role", "AccessDenied", "User: a is not authorized to perform: sts:AssumeRole"],
    ["wrong_client", "InvalidClientTokenId", "The security token included in the request is invalid."],
    ["wrong_secret", "SignatureDoesNotMatch", "The request signature we calculated does not match."],
    ["wrong_secret", "ExpiredToken", "The security token included in the request is expired"],
    ["wrong_clock", "SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier"],
    ["wrong_region", "RegionDisabledException", "STS is not activated in this region."],
    ["token_unreachable", "Throttling", "Rate exceeded"],
    ["token_refused", "SomethingNew", ""],
  ])("says %s for %s", async (outcome, code, message) => {
    sts.refuseNext(code, message);
    expect(await run({ roleArn: ROLE, tokenUrl: sts.url })).toMatchObject({ outcome, status: 403 });
    expect(paths).toEqual([]);
  });
});
