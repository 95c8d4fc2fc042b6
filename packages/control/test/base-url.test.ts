import { TollgateError } from "@tollgate/contracts/errors";
import { normaliseUrl } from "@tollgate/control/credentials/base-url";
import { expect, test } from "vitest";

const MEANT = ["localhost:4010", "vllm.internal", "10.0.0.7:8000"];

test.each([
  ["https://api.openai.com/v1", "https://api.openai.com/v1"],
  ["https://api.openai.com/v1///", "https://api.openai.com/v1"],
  ["https://API.OpenAI.com:443/", "https://api.openai.com"],
  ["https://gateway.example.com:8443/openai", "https://gateway.example.com:8443/openai"],
  ["https://1.1.1.1/v1", "https://1.1.1.1/v1"],
  ["http://localhost:4010/v1", "http://localhost:4010/v1"],
  ["http://vllm.internal:9999", "http://vllm.internal:9999"],
  ["http://10.0.0.7:8000", "http://10.0.0.7:8000"],
])("%s is allowed, as %s", (text, url) => {
  expect(normaliseUrl(text, MEANT, "baseUrl")).toBe(url);
});

test.each([
  "http://api.openai.com",
  "ftp://api.openai.com",
  "javascript:alert(1)",
  "file:///etc/passwd",
  "api.openai.com",
  "",
  "https://user:password@api.openai.com",
  "https://user@api.openai.com",
  "https://@api.openai.com",
  "https://api.openai.com:22",
  "https://api.openai.com:6379",
  "https://api.openai.com/../admin",
  "https://api.openai.com/v1/..",
  "https://api.openai.com/%2e%2e/admin",
  "https://api.openai.com\\@evil.example",
  "https://api.openai.com/v1?key=1",
  "https://api.openai.com/#",
  "https://аpi.openai.com",
  "https://xn--pi-6kc.openai.com",
  "https://api.openai.com/ v1",
  "https://169.254.169.254/latest/meta-data",
  "https://169.254.169.254.",
  "https://2852039166/",
  "https://0xa9fea9fe/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://[::ffff:169.254.169.254]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[2002:a9fe:a9fe::1]/",
  "https://[::1]/",
  "https://[fd00::1]/",
  "https://[fe80::1]/",
  "https://100.64.0.1",
  "https://127.1",
  "https://0",
  "https://①⑥⑨.254.169.254",
  "https://10.0.0.7:8001",
  "https://224.0.0.1",
  "https://localhost",
  "https://localhost.",
  "https://foo.localhost",
  "https://metadata.google.internal",
  "https://intranet",
])("%s is not allowed", (text) => {
  expect(() => normaliseUrl(text, MEANT, "baseUrl")).toThrow(TollgateError);
  expect(() => normaliseUrl(text, MEANT, "baseUrl")).toThrow("not allowed");
});
