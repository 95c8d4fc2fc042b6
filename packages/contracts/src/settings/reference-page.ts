import { z } from "zod";
import type { Need, Process, Setting } from "./setting.ts";
import { SETTINGS } from "./table.ts";

const WRITTEN: Record<Process, string> = {
  proxy: "proxy",
  worker: "worker",
  dashboard: "dashboard",
  start: "`npm start`",
  operator: "operator command",
  install: "queue commands",
  seed: "demo seed",
};

const HEAD = `# Settings

Generated from \`packages/contracts/src/settings/table.ts\`. After a change there run
\`vitest run -u --config packages/testkit/vitest.config.ts --project pure packages/contracts/test/settings-page.test.ts\`.

All settings come from the environment. An empty value counts as not set. A wrong or missing value stops the process with
one line that names the setting, what it was and what is allowed; the value of a secret is not shown. A name that starts with
\`TOLLGATE_\` and is not in this table gives a warning with the most similar name.

\`npm start\` generates the secrets it does not get and passes all settings on to the processes it starts. Port 0 means any
free port; \`npm start\` needs fixed ones.

| setting | read by | default | allowed | meaning |
|---|---|---|---|---|
`;

/** The reference page of all settings, as Markdown. */
export const settingsPage = (): string =>
  HEAD +
  Object.entries(SETTINGS)
    .map(([name, row]) => rowOf(name, row))
    .join("");

function rowOf(name: string, { kind, uses, meaning, unit }: Setting): string {
  const needs = Object.entries(uses) as [Process, Need][];
  const readers = needs.map(([process]) => WRITTEN[process]).join(", ");
  const allowed = (z.globalRegistry.get(kind)?.description ?? "any text") + (unit === null ? "" : `, in ${unit}`);
  const cells = [`\`${name}\``, readers, defaultsOf(needs), allowed, meaning];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}

/** Processes with the same default are listed together; one default for all is listed alone. */
function defaultsOf(needs: readonly [Process, Need][]): string {
  const byDefault = Map.groupBy(needs, ([, need]) => defaultOf(need));
  const [only] = byDefault.keys();
  if (byDefault.size === 1 && only !== undefined) return only;
  return [...byDefault]
    .map(([preset, group]) => `${preset} (${group.map(([process]) => WRITTEN[process]).join(", ")})`)
    .join("; ");
}

function defaultOf(need: Need): string {
  if (need === "required") return "must be set";
  if (need === "optional") return need;
  return need.preset === "" ? "empty" : `\`${need.preset}\``;
}
