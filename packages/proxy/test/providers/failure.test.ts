import { describe, expect, it } from "vitest";
import { failureOfStatus } from "../../src/providers/failure.ts";

const of = (status: number, body: object | string = {}, headers: Record<string, string> = {}) =>
  failureOfStatus({
    status,
    headers,
    body: typeof body === "string" ? body : JSON.stringify(body),
    secret: "sk-canary",
  });
const said = (message: string, more: object = {}) => ({ error: { message, ...more } });

describe("a provider's failure", () => {
  it.each([
    [400, said("bad"), "upstream_rejected", 400, false],
    [404, said("The model `a` does not exist."), "upstream_rejected", 404, true],
    [404, said("model: claude-1", { type: "not_found_error" }), "upstream_rejected", 404, true],
    [404, said("models/a is not found for API version v1beta"), "upstream_rejected", 404, true],
    [400, said("no", { code: "model_decommissioned" }), "upstream_rejected", 400, true],
    [404, said("There is no response with this id."), "upstream_rejected", 404, false],
    [400, said("Your credit balance is too low to access the Anthropic API."), "upstream_auth_error", 502, true],
    [400, said("You have reached your specified API usage limits."), "upstream_auth_error", 502, true],
    [400, said("API key not valid. Please pass a valid API key."), "upstream_auth_error", 502, true],
    [400, said("no", { details: [{ reason: "API_KEY_INVALID" }] }), "upstream_auth_error", 502, true],
    [400, said("User location is not supported for the API use."), "upstream_auth_error", 502, true],
    [400, said("no", { type: "overloaded_error" }), "upstream_error", 502, true],
    [400, said("Invalid value: 'incorrect api key'. Use low or high."), "upstream_rejected", 400, false],
    [400, said('Unknown field "your credit balance is too low".'), "upstream_rejected", 400, false],
    [429, said("You exceeded your current quota, check your billing details."), "rate_limit_exceeded", 429, true],
    [413, said("too large"), "upstream_rejected", 413, false],
    [422, { detail: "bad field" }, "upstream_rejected", 422, false],
    [401, said("who?"), "upstream_auth_error", 502, true],
    [403, said("no"), "upstream_auth_error", 502, true],
    [402, said("Insufficient Balance"), "upstream_auth_error", 502, true],
    [429, said("You exceeded your quota", { code: "insufficient_quota" }), "upstream_auth_error", 502, true],
    [429, said("slow down"), "rate_limit_exceeded", 429, true],
    [408, "", "upstream_timeout", 504, true],
    [500, "<html>", "upstream_error", 502, true],
    [529, said("Overloaded"), "upstream_error", 502, true],
    [302, "", "bad_upstream_response", 502, true],
    [499, "", "bad_upstream_response", 502, true],
  ])("%i %j is %s (%i)", (status, body, code, clientStatus, isRetryable) => {
    expect(of(status, body)).toMatchObject({ code, status: clientStatus, upstreamStatus: status, isRetryable });
  });

  it("about the request is reported with the provider's message, in any format", () => {
    expect(of(400, said("bad", { param: "top_p" }))).toMatchObject({ message: "bad", param: "top_p" });
    expect(of(400, { type: "error", error: { type: "invalid_request_error", message: "bad" } }).message).toBe("bad");
    expect(of(400, [said("bad", { code: 400, status: "INVALID_ARGUMENT" })]).message).toBe("bad");
    expect(of(422, { message: "bad" }).message).toBe("bad");
    expect(of(400, { error: "bad" }).message).toBe("bad");
  });

  it("does not show a body that is not an error message, and never the secret", () => {
    expect(of(400, "<html>internal.host</html>").message).toBe("The provider refused the request.");
    expect(of(400, said("key sk-canary is bad")).message).toBe("key [secret] is bad");
    expect(JSON.stringify(of(401, said("key sk-canary is bad")))).not.toContain("sk-canary");
  });

  it.each([
    ["OpenAI's code", said("…", { code: "context_length_exceeded" })],
    ["Anthropic's words", said("prompt is too long: 210000 tokens > 200000 maximum")],
    ["Google's words", said("The input token count (1200000) exceeds the maximum number of tokens allowed")],
    ["vLLM's words", said("This model's maximum context length is 4096 tokens.")],
  ])("knows a prompt that is too long by %s", (_who, body) => {
    expect(of(400, body)).toMatchObject({ code: "context_length_exceeded", status: 400, isRetryable: false });
  });

  it.each([
    ["seconds", { "retry-after": "2" }, {}, 2_000],
    ["milliseconds", { "retry-after-ms": "150", "retry-after": "1" }, {}, 150],
    [
      "a date, by the provider's clock",
      { date: "Sun, 22 Nov 2026 10:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 10:00:05 GMT" },
      {},
      5_000,
    ],
    [
      "a date in the past",
      { date: "Sun, 22 Nov 2026 10:00:00 GMT", "retry-after": "Sun, 22 Nov 2026 09:00:00 GMT" },
      {},
      null,
    ],
    ["only the body", {}, said("quota", { details: [{ retryDelay: "52s" }] }), 52_000],
    ["too long to be kept in mind", { "retry-after": "86400" }, {}, 600_000],
    ["nonsense", { "retry-after": "soon" }, {}, null],
    ["nothing", {}, {}, null],
  ])("waits as long as %s says", (_how, headers, body, expected) => {
    expect(of(429, body, headers as Record<string, string>).retryAfterMs).toBe(expected);
  });
});
