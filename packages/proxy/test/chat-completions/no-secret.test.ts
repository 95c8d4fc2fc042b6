import { startProvider } from "@tollgate/testkit/provider";
import { expect, onTestFinished, test } from "vitest";
import { ask, credential, model, openSetup, target } from "../setup.ts";

test("a server whose credential has no secret is sent none, nor the caller's key", async () => {
  const provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: "vllm", sealed: "" });
  const setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id)])] } });
  onTestFinished(async () => {
    await setup.close();
    await provider.close();
  });
  expect((await setup.post(ask())).status).toBe(200);
  const { headers } = provider.requests[0] ?? {};
  expect(Object.keys(headers ?? {})).not.toContain("authorization");
  expect(JSON.stringify(headers)).not.toContain(setup.key);
});
