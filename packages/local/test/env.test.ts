import { describe, expect, test } from "vitest";
import { readSettings } from "../src/env.ts";

describe("settings", () => {
  test("an empty environment is valid", () => {
    const settings = readSettings({});
    expect(settings.dashboardUrl).toBe("http://localhost:3000");
    expect(settings.proxyUrl).toBe("http://localhost:4000");
    expect(settings.ports).toMatchObject({ PROXY_PORT: 4000, POSTGRES_PORT: 54_329 });
  });

  test("an empty value counts as not set", () => {
    expect(readSettings({ PROXY_PORT: "", DATABASE_URL: "" }).ports).toMatchObject({ PROXY_PORT: 4000 });
  });

  test("with an external Postgres, POSTGRES_PORT is not used", () => {
    const { ports, databaseUrl } = readSettings({ DATABASE_URL: "postgresql://me:secret@db.test/tollgate" });
    expect(databaseUrl).toBe("postgresql://me:secret@db.test/tollgate");
    expect(ports).not.toHaveProperty("POSTGRES_PORT");
  });

  test.each([
    ["PROXY_PORT", "http"],
    ["PROXY_PORT", "0"],
    ["METRICS_PORT", "65536"],
    ["DATABASE_URL", "mysql://somewhere/else"],
    ["REDIS_URL", "localhost:6379"],
    ["TOLLGATE_KEY_PEPPER", "short"],
    ["PROXY_URL", "localhost"],
  ])("%s=%s is refused in one line that names it", (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} is [^\\n]+: expected [^\\n]+\\.$`));
  });

  test("a refused secret is not repeated", () => {
    expect(() => readSettings({ DATABASE_URL: "mysql://me:hunter2@db" })).toThrow(/^(?!.*hunter2)/);
  });
});
