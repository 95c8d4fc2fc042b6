import { expect, test } from "vitest";
import { readEnv } from "../src/env.ts";

const key = Buffer.alloc(32).toString("base64");
const good = {
  TOLLGATE_PROXY_DATABASE_URL: "postgres://proxy@localhost/tollgate",
  TOLLGATE_KEY_PEPPER: key,
  TOLLGATE_SEAL_PRIVATE_KEY: key,
};

test("the fewest settings that do", () => {
  const env = readEnv({
    ...good,
    TOLLGATE_DATA_DIR: "/data",
    TOLLGATE_PRIVATE_HOSTS: "Localhost:4010, vllm",
    REDIS_URL: "",
  });
  expect(env).toMatchObject({ PROXY_PORT: 4000, METRICS_PORT: 4001, spoolDir: "/data/spool" });
  expect(env.privateHosts).toEqual(["localhost:4010", "vllm"]);
  expect(env.REDIS_URL).toBeUndefined();
});

test.each([
  [{ TOLLGATE_KEY_PEPPER: "" }, "TOLLGATE_KEY_PEPPER is not set"],
  [{ TOLLGATE_KEY_PEPPER: "c2hvcnQ=" }, "TOLLGATE_KEY_PEPPER must be 32 bytes in base64"],
  [{ TOLLGATE_PROXY_DATABASE_URL: "mysql://x" }, "TOLLGATE_PROXY_DATABASE_URL must be a postgres:// URL"],
  [{ PROXY_PORT: "70000" }, "PROXY_PORT"],
  [{ PROXY_PORT: "a", METRICS_PORT: "b" }, "METRICS_PORT"],
])("a bad setting is named with its reason, on one line: %j", (given, reason) => {
  expect(() => readEnv({ ...good, ...given })).toThrow(reason);
  try {
    readEnv({ ...good, ...given });
  } catch (error) {
    expect(String(error)).not.toContain("\n");
    expect(String(error)).not.toContain(key);
  }
});
