import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Ready } from "../src/ready.ts";
import { eventually } from "./eventually.ts";
import { childrenOf, withEnvironment } from "./processes.ts";
import { freePorts, readyIn, startInstallation } from "./start-installation.ts";

let home = "";
beforeAll(() => {
  home = mkdtempSync(path.join(tmpdir(), "tollgate-start-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const refusal = (text: string) => text.split("\n").filter((line) => line.startsWith("tollgate: "));

describe("a start fails with one clear line, exit code 1 and no process left: with", () => {
  async function refused(env: NodeJS.ProcessEnv): Promise<string> {
    const dataDir = path.join(home, "refused");
    const { ended, output } = startInstallation({ ...(await freePorts()), TOLLGATE_DATA_DIR: dataDir, ...env });
    expect(await ended).toBe(1);
    expect(refusal(output.text)).toHaveLength(1);
    expect(output.text).not.toMatch(/\n\s+at /);
    expect(existsSync(path.join(dataDir, "running.json"))).toBe(false);
    return refusal(output.text)[0] as string;
  }

  test("a taken port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    expect(await refused({ METRICS_PORT: String(port) })).toBe(
      `tollgate: port ${port} is taken: free it, or set METRICS_PORT to another one.`,
    );
    other.close();
  });

  test("a bad setting", async () => {
    expect(await refused({ PROXY_PORT: "soon" })).toContain('PROXY_PORT is "soon", not a number');
  });

  test("a folder that cannot be written", async () => {
    const file = path.join(home, "a-file");
    writeFileSync(file, "");
    expect(await refused({ TOLLGATE_DATA_DIR: path.join(file, "data") })).toMatch(
      /^tollgate: cannot write to .*TOLLGATE_DATA_DIR/,
    );
  });

  test("a spool that cannot be written", async () => {
    const file = path.join(home, "another-file");
    writeFileSync(file, "");
    expect(await refused({ TOLLGATE_SPOOL_DIR: path.join(file, "spool") })).toContain("TOLLGATE_SPOOL_DIR");
  });

  test("a Postgres that does not answer", async () => {
    const [port] = Object.values(await freePorts());
    expect(await refused({ DATABASE_URL: `postgresql://me@127.0.0.1:${port}/tollgate` })).toContain(
      "DATABASE_URL does not answer",
    );
  });
});

describe.skipIf(!existsSync("/proc/self/environ"))("an installation", () => {
  const dataDir = () => path.join(home, "data");
  const mark = () => `TOLLGATE_DATA_DIR=${dataDir()}`;
  let env: NodeJS.ProcessEnv;
  let installation: ReturnType<typeof startInstallation>;
  let ready: Ready;

  const supervisor = () => JSON.parse(readFileSync(path.join(dataDir(), "running.json"), "utf8")).pid as number;
  const start = async () => {
    installation = startInstallation(env);
    const ended = installation.ended.then(() => Promise.reject(new Error(installation.output.text)));
    ready = await Promise.race([readyIn(dataDir()), ended]);
  };
  const call = (key = ready.demoKey) =>
    fetch(`${ready.proxyUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: ready.demoModel, messages: [{ role: "user", content: "Hello!" }] }),
    });
  const answered = () =>
    eventually(async () => {
      const answer = await call();
      expect(answer.status).toBe(200);
      const page = await fetch(`${ready.dashboardUrl}/readyz`);
      expect(page.status).toBe(200);
    });
  const everything = () => withEnvironment(mark()).map(({ command }) => command);

  beforeAll(async () => {
    env = { ...(await freePorts()), TOLLGATE_DATA_DIR: dataDir() };
    await start();
  }, 430_000);
  afterAll(async () => {
    installation.process.kill("SIGTERM");
    await installation.ended;
  });

  test("prints its URLs, and the curl command it prints works", async () => {
    expect(Object.keys(ready)).toEqual(
      expect.arrayContaining([
        "dashboardUrl",
        "proxyUrl",
        "metricsUrl",
        "providerUrl",
        "demoKey",
        "demoModel",
        "adminToken",
        "users",
      ]),
    );
    const line = await eventually(() => {
      const printed = installation.output.text.split("\n").find((text) => text.trim().startsWith("curl "));
      expect(printed).toBeDefined();
      return printed as string;
    });
    const curl = spawn("sh", ["-c", line.replace("curl", "curl --silent --fail")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = await once(curl.stdout.setEncoding("utf8"), "data");
    expect(JSON.parse(output).choices[0].message.content).toContain("Hello!");
  });

  test("lets only the owner read its secrets", () => {
    for (const name of ["secrets.json", "ready.json", "demo.json"])
      expect(statSync(path.join(dataDir(), name)).mode & 0o777).toBe(0o600);
  });

  test("gives each process only its own secrets", () => {
    const environments = withEnvironment(mark()).map(({ pid }) => readFileSync(`/proc/${pid}/environ`, "utf8"));
    const holders = (name: string) => environments.filter((text) => text.includes(`${name}=`)).length;
    expect(holders("TOLLGATE_SEAL_PRIVATE_KEY")).toBe(1);
    expect(holders("TOLLGATE_CHANNEL_PRIVATE_KEY")).toBe(1);
    expect(holders("TOLLGATE_EVENT_KEY")).toBe(2);
    expect(holders("NEXTAUTH_SECRET")).toBe(1);
    expect(holders("TOLLGATE_PROXY_DATABASE_URL")).toBe(1);
    expect(holders("TOLLGATE_INGEST_DATABASE_URL")).toBe(1);
  });

  test("refuses a second start on the same folder", async () => {
    const second = startInstallation({ ...env, ...(await freePorts()) });
    expect(await second.ended).toBe(1);
    expect(refusal(second.output.text)[0]).toContain("already running");
    await answered();
  });

  test("restarts any of its processes that is killed", async () => {
    const before = childrenOf(supervisor());
    expect(before).toHaveLength(5);
    for (const { pid } of before) {
      process.kill(pid, "SIGKILL");
      await eventually(() => expect(childrenOf(supervisor()).map((child) => child.pid)).not.toContain(pid));
      await eventually(() => expect(childrenOf(supervisor())).toHaveLength(5));
      await answered();
    }
  });

  test("ends completely when its supervisor is killed, and starts again with all its data", async () => {
    const [key, pid] = [ready.demoKey, supervisor()];
    process.kill(pid, "SIGKILL");
    await installation.ended;
    await eventually(() => expect(everything()).toEqual([]));
    rmSync(path.join(dataDir(), "ready.json")); // the killed supervisor left it
    await start();
    expect(ready.demoKey).toBe(key);
    await answered();
  });

  test("leaves nothing behind on Ctrl-C", async () => {
    installation.process.kill("SIGINT");
    expect(await installation.ended).toBe(0);
    expect(everything()).toEqual([]);
    expect(existsSync(path.join(dataDir(), "ready.json"))).toBe(false);
    expect(existsSync(path.join(dataDir(), "running.json"))).toBe(false);
  });
});
