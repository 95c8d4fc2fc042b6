import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";
import { expect, test } from "vitest";
import { readServeEnv } from "../serve/env.ts";
import { entryOf } from "../serve/log-as-json.ts";

const serve = path.join(import.meta.dirname, "../serve");

async function lines(args: string[], env: Record<string, string> = {}): Promise<[code: number, lines: unknown[]]> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return [code, said.split("\n").flatMap((line) => (line ? [JSON.parse(line)] : []))];
}

test("all output of the process is one JSON object per line", async () => {
  const script = `
    const { logAsJson } = await import(${JSON.stringify(path.join(serve, "log-as-json.ts"))});
    logAsJson("info");
    console.debug("too quiet");
    console.info("one", { two: 2 });
    console.error(new Error("broken"));
    process.stdout.write("\\u001b[1m   \\u25b2 Next.js\\u001b[22m\\n");
    process.stderr.write(" \\u26a0 careful\\n");
    process.stdout.write('{"level":"info","msg":"ours","client":"10.0.0.1"}\\n');
  `;
  const [, said] = await lines(["--input-type=module", "-e", script]);
  const about = { time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), name: "dashboard", process: 1 };
  expect(said).toEqual([
    expect.objectContaining({ ...about, level: "info", msg: "one { two: 2 }" }),
    expect.objectContaining({ ...about, level: "error", msg: "broken", err: expect.stringContaining("at ") }),
    expect.objectContaining({ ...about, level: "info", msg: "▲ Next.js" }),
    expect.objectContaining({ ...about, level: "warn", msg: "careful" }),
    { level: "info", msg: "ours", client: "10.0.0.1" },
  ]);
});

test("the prefix of a line from Next determines its level", () => {
  expect(entryOf("info", [" ⨯ it failed"])).toEqual({ level: "error", msg: "it failed" });
});

const early = settingsOf("dashboard").pick({ DASHBOARD_PORT: true, PORT: true, TOLLGATE_LOG_LEVEL: true });
const sharedProblems = (given: Record<string, string>): string => {
  try {
    readSettings(early, given);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test.each<Record<string, string>>([
  { DASHBOARD_PORT: "http" },
  { DASHBOARD_PORT: "65536" },
  { DASHBOARD_PORT: "-1" },
  { DASHBOARD_PORT: "80.5" },
  { DASHBOARD_PORT: " 80 " },
  { DASHBOARD_PORT: "", PORT: "x" },
  { DASHBOARD_PORT: "3000" },
  { TOLLGATE_LOG_LEVEL: "loud" },
  { TOLLGATE_LOG_LEVEL: "silent" },
  {},
])("%j is judged before Next starts as the shared parsers judge it", (given) => {
  expect(readServeEnv(given).problems.join("\n")).toBe(sharedProblems(given));
});

test("a wrong port ends the start with one line that names the setting", async () => {
  const [code, said] = await lines([path.join(serve, "main.ts")], { DASHBOARD_PORT: "http" });
  expect(code).toBe(1);
  const msg = 'dashboard: DASHBOARD_PORT is "http", not a number: expected a whole number from 0 to 65535.';
  expect(said).toMatchObject([{ level: "error", msg }]);
});

test("the error for a port in use names its setting in one line", async () => {
  const other = createServer().listen(0, "localhost");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const [code, said] = await lines([path.join(serve, "main.ts")], { DASHBOARD_PORT: String(port) });
  other.close();
  expect(code).toBe(1);
  expect(said).toMatchObject([
    { level: "error", msg: `port ${port} is taken: free it, or set DASHBOARD_PORT to another one.` },
  ]);
});

test("an unsupported method is 405 and an invalid target 400, before Next gets the request", async () => {
  const script = `
    const { refuseOddRequests } = await import(${JSON.stringify(path.join(serve, "refuse-odd-requests.ts"))});
    const { default: http } = await import("node:http");
    const { connect } = await import("node:net");
    const { text } = await import("node:stream/consumers");
    refuseOddRequests();
    const server = http.createServer((request, response) => response.end("seen"));
    server.listen(0, "127.0.0.1", async () => {
      for (const line of JSON.parse(process.env.LINES)) {
        const socket = connect(server.address().port, "127.0.0.1");
        socket.write(line + " HTTP/1.1\\r\\nhost: x\\r\\nconnection: close\\r\\n\\r\\n");
        const answer = await text(socket);
        console.log(JSON.stringify([line, Number(answer.slice(9, 12)), /^allow: GET,/im.test(answer)]));
      }
      server.close();
    });
  `;
  const expected = [
    ...["GET /x", "OPTIONS /x", "GET /%C3%A9?q=%ff"].map((line) => [line, 200, false]),
    ...["TRACE /x", "PROPFIND /x", "QUERY /x", "CONNECT /x"].map((line) => [line, 405, true]),
    ...["OPTIONS *", "GET *", "GET http://[", "GET /api/v1/%ff", "GET /%"].map((line) => [line, 400, false]),
  ];
  const LINES = JSON.stringify(expected.map(([line]) => line));
  const [, said] = await lines(["--input-type=module", "-e", script], { LINES });
  expect(said).toEqual(expected);
});
