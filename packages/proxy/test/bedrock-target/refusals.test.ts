import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, credential, model, target } from "../setup.ts";
import { type BedrockSetup, openBedrockSetup } from "./bedrock-setup.ts";

let setup: BedrockSetup;
beforeEach(async () => {
  setup = await openBedrockSetup("a");
});
afterEach(() => setup.close());

const refusal = (status: number, type: string, message: string) =>
  raw(
    [JSON.stringify({ message })],
    { "content-type": "application/json", "x-amzn-errortype": `${type}:http://internal.amazon.com/coral/` },
    status,
  );

interface Refusal {
  status: number;
  type: string;
  message: string;
  /** What the client gets if no other target answers. */
  code: string;
  shown: number;
}

const ACCOUNT = { code: "upstream_auth_error", shown: 502 };
const MODEL = { code: "upstream_rejected", shown: 404 };

/** Refusals that Bedrock has given, and whether another target may answer. */
const BY_OTHERS: Refusal[] = [
  {
    status: 403,
    type: "UnrecognizedClientException",
    message: "The security token included in the request is invalid.",
    ...ACCOUNT,
  },
  {
    status: 403,
    type: "ExpiredTokenException",
    message: "The security token included in the request is expired",
    ...ACCOUNT,
  },
  {
    ...{ status: 403, type: "InvalidSignatureException", ...ACCOUNT },
    message: "The request signature we calculated does not match the signature you provided.",
  },
  {
    ...{ status: 403, type: "InvalidSignatureException", ...ACCOUNT },
    message: "Credential should be scoped to a valid region, not 'us-east-1'. ",
  },
  {
    ...{ status: 403, type: "AccessDeniedException", ...MODEL },
    message:
      "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/a",
  },
  { status: 400, type: "ValidationException", message: "Operation not allowed", ...ACCOUNT },
  { status: 400, type: "ServiceQuotaExceededException", message: "The quota is exceeded.", ...ACCOUNT },
  {
    ...{ status: 403, type: "AccessDeniedException", ...MODEL },
    message: "You don't have access to the model with the specified model ID.",
  },
  {
    ...{ status: 400, type: "ValidationException", ...MODEL, shown: 400 },
    message:
      "Invocation of model ID a with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
  },
  {
    status: 400,
    type: "ValidationException",
    message: "The provided model identifier is invalid.",
    ...MODEL,
    shown: 400,
  },
  {
    status: 404,
    type: "ResourceNotFoundException",
    message: "This model version has reached the end of its life.",
    ...MODEL,
  },
  {
    status: 429,
    type: "ThrottlingException",
    message: "Too many tokens, please wait before trying again.",
    code: "rate_limit_exceeded",
    shown: 429,
  },
  {
    status: 429,
    type: "ModelNotReadyException",
    message: "The model is not ready.",
    code: "rate_limit_exceeded",
    shown: 429,
  },
  { status: 424, type: "ModelErrorException", message: "The model failed.", code: "upstream_error", shown: 502 },
  {
    status: 408,
    type: "ModelTimeoutException",
    message: "The model took too long.",
    code: "upstream_timeout",
    shown: 504,
  },
  { status: 503, type: "ServiceUnavailableException", message: "Try again.", code: "upstream_error", shown: 502 },
  { status: 500, type: "InternalServerException", message: "Try again.", code: "upstream_error", shown: 502 },
];

describe("a refusal of the account, the model or the service is no end: another target answers", () => {
  it.each(BY_OTHERS)("$status $type: $message", async ({ status, type, message, code, shown }) => {
    setup.provider.scriptModel("a", refusal(status, type, message));
    const alone = await setup.post(ask());
    expect([alone.status, (await alone.json()).error.code]).toEqual([shown, code]);
    const main = credential(setup.provider.url, { provider: "bedrock" });
    const other = credential(setup.provider.url, { provider: "bedrock" });
    setup.provider.scriptModel("b", answer({ text: "From the other." }));
    const targets = [target(main.id, { upstreamModel: "a" }), target(other.id, { upstreamModel: "b", priority: 2 })];
    setup.change({ credentials: [main, other], models: [model(targets)] });
    expect((await setup.post(ask())).status).toBe(200);
  });
});

it("a refusal of the request is final, with the provider's text", async () => {
  setup.provider.script(refusal(400, "ValidationException", "messages.0.content.0: the text is blank"));
  const refused = await setup.post(ask());
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    error: { code: "upstream_rejected", message: expect.stringContaining("the text is blank") },
  });
  expect(setup.provider.requests).toHaveLength(1);
});

it("a prompt that is too long is the client's error", async () => {
  setup.provider.script(refusal(400, "ValidationException", "Input is too long for requested model."));
  expect(await (await setup.post(ask())).json()).toMatchObject({ error: { code: "context_length_exceeded" } });
});

it("names of accounts are not shown to clients", async () => {
  const arn = "arn:aws:iam::123456789012:user/bob";
  for (const rest of [
    "on resource: arn:aws:bedrock:us-east-1:123456789012:inference-profile/a",
    "because of a boundary",
  ]) {
    const message = `User: ${arn} is not authorized to perform: bedrock:InvokeModel ${rest}`;
    setup.provider.script(refusal(403, "AccessDeniedException", message));
    const said = await (await setup.post(ask())).text();
    expect(said).not.toMatch(/123456789012|bob/);
    expect(setup.logged.join()).toContain(message);
  }
});

it("a clock that is wrong is named, because nothing else shows it", async () => {
  const message =
    "Signature expired: 20260101T000000Z is now earlier than 20260101T001000Z (20260101T001500Z - 5 min.)";
  setup.provider.script(refusal(403, "InvalidSignatureException", message));
  const { error } = (await (await setup.post(ask())).json()) as { error: { message: string } };
  expect(error.message).toContain("clock");
});

it("a prompt that speaks of models does not make a refusal one of the model", async () => {
  setup.provider.script(refusal(403, "AccessDeniedException", 'Not allowed: "you have no access to the model"'));
  expect((await setup.post(ask())).status).toBe(502);
});
