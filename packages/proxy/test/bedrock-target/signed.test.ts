import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, type Behaviour, raw } from "@tollgate/testkit/provider-behaviour";
import { type AwsKeys, signatureFault } from "@tollgate/testkit/sigv4";
import { type Sts, startSts } from "@tollgate/testkit/sts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTokens } from "../../src/providers/auth/tokens.ts";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";
import { CLAUDE } from "./bedrock-setup.ts";

const KEYS: AwsKeys = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
const REGION = "eu-central-1";
const ROLE = "arn:aws:iam::123456789012:role/tollgate";

let provider: Provider;
let sts: Sts;
let setup: Setup;
let nowMs: number;

async function open(fields: Record<string, string>, upstreamModel = CLAUDE): Promise<void> {
  const sealed = JSON.stringify({ scheme: "sigv4", fields: { region: REGION, ...KEYS, ...fields } });
  const main = credential(provider.url, { provider: "bedrock", sealed });
  const models = [model([target(main.id, { upstreamModel })])];
  const now = (): number => nowMs;
  setup = await openSetup({ org: { credentials: [main], models }, ports: { now, tokens: openTokens(now) } });
}

beforeEach(async () => {
  nowMs = Date.now();
  provider = await startProvider();
  sts = await startSts(KEYS, REGION, () => nowMs);
});
afterEach(async () => {
  await setup.close();
  await provider.close();
  await sts.close();
});

const faultOf = (order: number, keys: AwsKeys): Promise<string | null> => {
  const request = provider.requests[order - 1];
  if (!request) throw new Error("no such request");
  return signatureFault(request, keys, { region: REGION, service: "bedrock", nowMs });
};

describe("an access key", () => {
  it.each([CLAUDE, "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2"])(
    "signs each request; the key is not sent; model %s",
    async (upstreamModel) => {
      await open({}, upstreamModel);
      for (const stream of [false, true]) await (await setup.post(ask({ stream, max_tokens: 9, user: "Łódź" }))).text();
      expect(await faultOf(1, KEYS)).toBeNull();
      expect(await faultOf(2, KEYS)).toBeNull();
      expect(setup.events).toMatchObject([{ status: 200 }, { status: 200 }]);
      expect(JSON.stringify(provider.requests.map(({ headers }) => headers))).not.toContain(KEYS.secretAccessKey);
      expect(sts.asked).toHaveLength(0);
    },
  );

  it("that is temporary has its session token", async () => {
    await open({ sessionToken: "temporary+token/==" });
    await setup.post(ask());
    expect(await faultOf(1, { ...KEYS, sessionToken: "temporary+token/==" })).toBeNull();
  });
});

const denied: Behaviour = raw(
  ['{"message":"The security token included in the request is expired"}'],
  { "content-type": "application/json", "x-amzn-errortype": "ExpiredTokenException" },
  403,
);

describe("a role", () => {
  it("is assumed once for many calls at the same time, with the external ID, and again before its keys end", async () => {
    await open({ roleArn: ROLE, externalId: "tenant-7", tokenUrl: sts.url });
    const answers = await Promise.all(Array.from({ length: 20 }, () => setup.post(ask())));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(sts.asked).toHaveLength(1);
    expect(Object.fromEntries(sts.asked[0] ?? [])).toEqual({
      ...{ Action: "AssumeRole", Version: "2011-06-15", RoleArn: ROLE, RoleSessionName: "tollgate" },
      ...{ DurationSeconds: "3600", ExternalId: "tenant-7" },
    });
    for (let order = 1; order <= 20; order++) expect(await faultOf(order, sts.keys(1))).toBeNull();
    nowMs += 3_600_000;
    await setup.post(ask());
    expect(sts.asked).toHaveLength(2);
    expect(await faultOf(21, sts.keys(2))).toBeNull();
  });

  it("is assumed again when the provider refuses its keys", async () => {
    await open({ roleArn: ROLE, tokenUrl: sts.url });
    await setup.post(ask());
    nowMs += 60_000;
    provider.script(denied);
    expect((await setup.post(ask())).status).toBe(502);
    nowMs += 61_000;
    expect((await setup.post(ask())).status).toBe(200);
    expect(await faultOf(3, sts.keys(2))).toBeNull();
  });

  it.each([
    [
      "AccessDenied",
      `User: arn:aws:iam::1:user/a is not authorized to perform: sts:AssumeRole on resource: ${ROLE}`,
      "role",
    ],
    ["InvalidClientTokenId", "The security token included in the request is invalid.", "client"],
    [
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
      "secret",
    ],
    ["SignatureDoesNotMatch", "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z", "clock"],
    ["RegionDisabledException", "STS is not activated in this region for account 1.", "region"],
    ["SomethingNew", "Nobody knows.", "refused"],
  ])("that cannot be assumed is a fault of the account: %s, %s", async (code, message, kind) => {
    await open({ roleArn: ROLE, tokenUrl: sts.url });
    sts.refuseNext(code, message);
    const refused = await setup.post(ask());
    expect(refused.status).toBe(502);
    const text = await refused.text();
    expect(JSON.parse(text)).toMatchObject({ error: { code: "upstream_auth_error" } });
    expect(text).not.toContain("arn:aws");
    expect(setup.logged.join()).toContain(`credential_without_token: ${kind}`);
    expect(setup.logged.join()).toContain(code);
    expect(setup.logged.join()).not.toContain(KEYS.secretAccessKey);
    expect(provider.requests).toHaveLength(0);
    expect(setup.events).toMatchObject([{ use: { input: 0, output: 0 } }]);
  });

  it("whose keys end in the past, by a clock that is wrong, is not assumed for each call", async () => {
    await open({ roleArn: ROLE, tokenUrl: sts.url });
    sts.lasts(-100);
    await setup.post(ask());
    await setup.post(ask());
    expect(sts.asked).toHaveLength(1);
  });
});

it("the secrets of a credential are in no answer and no log, whatever a provider repeats", async () => {
  await open({ sessionToken: "temporary-token-0123456789" });
  provider.script(answer({ text: "Your token is temporary-token-0123456789." }));
  const said = await (await setup.post(ask())).text();
  expect(said).not.toContain("temporary-token-0123456789");
  expect(setup.logged.join()).not.toContain("temporary-token-0123456789");
});
