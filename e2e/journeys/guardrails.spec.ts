import { waitFor } from "@tollgate/testkit/wait-for";
import { ask, storyOf } from "../calls.ts";
import { expect, test } from "../journey.ts";

// An AWS key in the format that scanners know, from AWS's documentation.
const PLANTED = "AKIAIOSFODNN7EXAMPLE";

test("a secret in a prompt is redacted or blocked before it is sent, and the request names the rule", async ({
  governed,
  installation,
  provider,
}) => {
  const { api, key } = governed;
  const { model } = governed.models.openai;
  const content = `Why does this key not work: ${PLANTED}?`;
  const rule = await api.post<{ id: string }>("/guardrails", {
    name: "No secrets out",
    kind: "secret",
    action: "redact",
  });

  const redacted = await waitFor(
    async () => {
      const response = await ask(installation, key, { model, content });
      return provider.requests.at(-1)?.prompt.includes(PLANTED) ? undefined : response;
    },
    { timeoutMs: 2_000 },
  );
  expect(redacted.status).toBe(200);
  expect(provider.requests.at(-1)?.prompt).toMatch(/^Why does this key not work: /);
  expect(await storyOf(governed, redacted)).toMatchObject({
    guardrails: [{ name: "No secrets out", action: "redact", shadow: false }],
  });

  await api.patch(`/guardrails/${rule.id}`, { action: "block" });
  const blocked = await waitFor(
    async () => {
      const response = await ask(installation, key, { model, content });
      return response.status === 400 ? response : undefined;
    },
    { timeoutMs: 2_000 },
  );
  const { error } = await blocked.json();
  expect(error).toMatchObject({ code: "guardrail_blocked", type: "invalid_request_error" });
  expect(error.message).toContain("No secrets out");
  expect(error.message).not.toContain(PLANTED);
  expect(await storyOf(governed, blocked)).toMatchObject({ status: 400, error: "guardrail_blocked", costUsd: "0" });
  await api.delete(`/guardrails/${rule.id}`);
});
