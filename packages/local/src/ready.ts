import type { Demo } from "./demo.ts";
import type { Settings } from "./env.ts";
import { secondsSinceStart } from "./progress.ts";
import type { ProcessState } from "./supervisor.ts";

/** Content of `<data>/ready.json`, for scripts. An empty installation has no demo part. */
export type Ready = {
  dashboardUrl: string;
  proxyUrl: string;
  metricsUrl: string;
  providerUrl: string;
  /** State of each process, by name. */
  processes?: Record<string, ProcessState>;
} & Partial<Omit<Demo, "organisation">>;

export function readyFacts(
  { dashboardUrl, proxyUrl, metricsUrl, providerUrl }: Settings,
  demo: Demo | undefined,
): Ready {
  const urls = { dashboardUrl, proxyUrl, metricsUrl, providerUrl };
  if (!demo) return urls;
  const { organisation: _, ...shown } = demo;
  return { ...urls, ...shown };
}

/** The last lines that a start prints. */
export function welcome(ready: Ready, dataDir: string): string {
  const { users, demoKey, demoModel } = ready;
  const signIns = users
    ? Object.entries(users).map(([role, { email, password }]) => `  ${role.padEnd(11)}${email.padEnd(26)}${password}`)
    : [`  nobody yet: ${ready.dashboardUrl}/sign-up`];
  const call = demoKey
    ? [
        "Make a call:",
        `  curl ${ready.proxyUrl}/v1/chat/completions -H 'Authorization: Bearer ${demoKey}' -H 'Content-Type: application/json' ` +
          `-d '${JSON.stringify({ model: demoModel, messages: [{ role: "user", content: "Hello!" }] })}'`,
        "",
      ]
    : [];
  return [
    "",
    `Tollgate is ready after ${secondsSinceStart()} s.`,
    "",
    `  Dashboard  ${ready.dashboardUrl}`,
    `  Proxy      ${ready.proxyUrl}/v1`,
    `  Metrics    ${ready.metricsUrl}`,
    "",
    "Sign in:",
    ...signIns,
    "",
    ...call,
    `Ctrl-C stops everything; the data stays in ${dataDir}.`,
    "",
  ].join("\n");
}
