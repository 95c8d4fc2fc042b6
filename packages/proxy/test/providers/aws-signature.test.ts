import { signatureFault } from "@tollgate/testkit/sigv4";
import { describe, expect, it } from "vitest";
import { type AwsRequest, awsSignature } from "../../src/providers/auth/aws-signature.ts";

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const SCOPE = { region: "us-east-1", service: "bedrock" as const };
const AT_MS = Date.UTC(2015, 7, 30, 12, 36);

const request = (given: Partial<AwsRequest> = {}): AwsRequest => ({
  ...{ method: "POST", origin: "https://bedrock-runtime.us-east-1.amazonaws.com", path: "/model/m/converse" },
  ...{ headers: ["content-type", "application/json", "accept-encoding", "identity"], body: Buffer.from("{}") },
  ...given,
});

/** What another library says about the signed request, as it arrives. */
async function faultOf(given: AwsRequest, keys: typeof KEYS & { sessionToken?: string } = KEYS, changed = given) {
  const added = await awsSignature(given, keys, SCOPE, AT_MS);
  const pairs = [...changed.headers, ...added];
  const headers = Object.fromEntries(pairs.flatMap((name, at) => (at % 2 === 0 ? [[name, pairs[at + 1]]] : [])));
  const { body } = changed;
  return signatureFault(
    {
      ...{ method: changed.method, path: changed.path },
      headers: { host: new URL(changed.origin).host, ...headers },
      body: body === null ? Buffer.alloc(0) : Buffer.isBuffer(body) ? body : Buffer.concat(body),
    },
    keys,
    { ...SCOPE, nowMs: AT_MS },
  );
}

describe("AWS signature", () => {
  // `get-vanilla` of AWS's published test suite: the verifier agrees with AWS.
  it("of the published example is accepted by the verifier", async () => {
    const authorization =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, " +
      "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    const headers = { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z", authorization };
    const keys = { ...KEYS, secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
    const scope = { region: "us-east-1", service: "service", nowMs: AT_MS };
    const vanilla = { method: "GET", path: "/", headers, body: Buffer.alloc(0) };
    expect(await signatureFault(vanilla, keys, scope)).toBeNull();
    const other = authorization.replace(/.$/, "0");
    expect(
      await signatureFault({ ...vanilla, headers: { ...headers, authorization: other } }, keys, scope),
    ).not.toBeNull();
  });

  it.each<[string, Partial<AwsRequest>]>([
    ["a model with a colon", { path: "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse" }],
    [
      "an ARN",
      { path: "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.amazon.nova/converse-stream" },
    ],
    ["a path prefix, spaces and other letters", { path: "/gate/model/%C5%81%20%2B~*()'!/converse" }],
    ["a query", { method: "GET", path: "/async-invoke?maxResults=1&b=%20+&a=%2F", headers: [], body: null }],
    ["a port", { origin: "http://127.0.0.1:8080" }],
    ["an empty body", { body: null }],
    ["pieces of a body", { body: [Buffer.from('{"a":'), Buffer.from('"Łódź"}')] }],
    ["a large body", { body: Buffer.alloc(3 * 1024 * 1024 + 7, "x") }],
  ])("is right for %s", async (_, given) => {
    expect(await faultOf(request(given))).toBeNull();
  });

  it("has the session token of temporary keys", async () => {
    expect(await faultOf(request(), { ...KEYS, sessionToken: "token+/==" })).toBeNull();
  });

  it.each<[string, Partial<AwsRequest>]>([
    ["body", { body: Buffer.from("{ }") }],
    ["path", { path: "/model/other/converse" }],
    ["host", { origin: "https://elsewhere.example" }],
    ["method", { method: "PUT" }],
  ])("does not fit another %s", async (_, changed) => {
    expect(await faultOf(request(), KEYS, request(changed))).not.toBeNull();
  });
});
