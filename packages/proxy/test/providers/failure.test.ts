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

  it.each([
    [401, said("who?"), "refused", null],
    [400, said("API key not valid. Please pass a valid API key."), "refused", null],
    [402, said("Insufficient Balance"), "spend_cap", null],
    [429, said("You exceeded your quota", { code: "insufficient_quota" }), "spend_cap", null],
    [429, said("Your team has used all available credits."), "spend_cap", null],
    [429, said("This organization has reached its monthly spending limit."), "spend_cap", null],
    [400, said("You have reached your specified API usage limits."), "spend_cap", null],
    [
      400,
      said("You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."),
      "spend_cap",
      8.5 * 86_400_000,
    ],
  ])("%i %j pauses the credential: %s, for %s ms", (status, body, reason, forMs) => {
    const failure = of(status, body, { date: "Sun, 22 Nov 2026 12:00:00 GMT" });
    expect(failure).toMatchObject({ code: "upstream_auth_error", pause: { reason, forMs } });
  });

  it.each([
    [403, said("no")],
    [403, said("no", { type: "permission_error" })],
    [429, said("You exceeded your current quota, check your billing details.")],
    [429, said("slow down")],
    [400, said('Unknown field "your credit balance is too low".')],
    [400, said("User location is not supported for the API use.")],
  ])("%i %j does not pause the credential, because a call of another model may work", (status, body) => {
    expect(of(status, body).pause).toBeUndefined();
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
    ["Azure's header", { "x-ms-retry-after-ms": "250" }, {}, 250],
    ["a duration", { "retry-after": "1m30s" }, {}, 90_000],
    ["Google's body", {}, said("quota", { details: [{ "@type": "RetryInfo", retryDelay: "1.5s" }] }), 1_500],
    ["a field in seconds", {}, { message: "busy", retry_after: 3 }, 3_000],
    ["OpenAI's text", {}, said("Rate limit reached. Please try again in 1.314s. Visit us."), 1_314],
    ["OpenAI's text in minutes", {}, said("Limit 3, Used 3. Please try again in 6m0s."), 360_000],
    ["OpenAI's text in milliseconds", {}, said("Please try again in 20ms."), 20],
    ["Azure's text", {}, said("Please retry after 37 seconds."), 37_000],
    ["Google's text", {}, said("You exceeded your quota. Please retry in 29.5s."), 29_500],
    ["a text in words", {}, said("Too many requests, wait for 2 minutes"), 120_000],
    [
      "a window of which nothing remains",
      {
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "6.5s",
        "x-ratelimit-remaining-requests": "9",
      },
      {},
      6_500,
    ],
    [
      "Anthropic's window of which nothing remains",
      {
        date: "Sun, 22 Nov 2026 10:00:00 GMT",
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-11-22T10:00:12Z",
      },
      {},
      12_000,
    ],
    [
      "a window that ends at a second of the epoch",
      {
        date: "Sun, 22 Nov 2026 10:00:00 GMT",
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(Date.UTC(2026, 10, 22, 10, 0, 7) / 1000),
      },
      {},
      7_000,
    ],
    [
      "a window that is not used up",
      { "x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "6s" },
      {},
      null,
    ],
    ["nothing", {}, {}, null],
  ])("waits as long as %s says", (_how, headers, body, expected) => {
    expect(of(429, body, headers as Record<string, string>).retryAfterMs).toBe(expected);
  });
});
