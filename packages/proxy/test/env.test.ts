import { expect, test } from "vitest";
import { readEnv } from "../src/env.ts";

const key = Buffer.alloc(32).toString("base64");
const good = {
  TOLLGATE_PROXY_DATABASE_URL: "postgres://proxy@localhost/tollgate",
  TOLLGATE_KEY_PEPPER: key,
  TOLLGATE_SEAL_PRIVATE_KEY: key,
  TOLLGATE_EVENT_KEY: key,
};

test("the required settings are enough", () => {
  const env = readEnv({
    ...good,
    TOLLGATE_DATA_DIR: "/data",
    TOLLGATE_PRIVATE_HOSTS: "Localhost:4010=*, vllm=acme|globex",
    REDIS_URL: "",
  });
  expect(env).toMatchObject({ PROXY_PORT: 4000, METRICS_PORT: 4001, spoolDir: "/data/spool" });
  expect([...env.privateHosts.keys()]).toEqual(["localhost:4010", "vllm"]);
  expect(env.REDIS_URL).toBeUndefined();
});

test.each([
  [{ TOLLGATE_KEY_PEPPER: "" }, "TOLLGATE_KEY_PEPPER is not set: expected 32 bytes in base64."],
  [{ TOLLGATE_KEY_PEPPER: "c2hvcnQ=" }, "TOLLGATE_KEY_PEPPER is not usable (8 characters, not shown)"],
  [{ TOLLGATE_PROXY_DATABASE_URL: "mysql://x" }, "expected a postgresql:// URL"],
  [{ PROXY_PORT: "70000" }, 'PROXY_PORT is "70000"'],
  [{ PROXY_PORT: "a", METRICS_PORT: "b" }, 'METRICS_PORT is "b", not a number'],
  [{ TOLLGATE_TRUSTED_PROXIES: "10.0.0.0/8, lb" }, 'TOLLGATE_TRUSTED_PROXIES is "10.0.0.0/8, lb": expected addresses'],
  [{ TOLLGATE_PRIVATE_HOSTS: "vllm" }, 'TOLLGATE_PRIVATE_HOSTS is "vllm": vllm names no organisation; expected'],
  [{ PROXY_PROCESSES: "3" }, 'PROXY_PROCESSES is "3": above 1 needs REDIS_URL'],
])("a bad setting is named with its reason: %j", (given, reason) => {
  expect(() => readEnv({ ...good, ...given })).toThrow(reason);
});
