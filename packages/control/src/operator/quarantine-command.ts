import type { Services } from "../context.ts";
import { invalid } from "../fields.ts";
import { decideQuarantine, listQuarantine } from "./quarantine.ts";

const VERBS = ["list", "release", "discard"] as const;
export type QuarantineVerb = (typeof VERBS)[number];

export const isQuarantineVerb = (word: string): word is QuarantineVerb => VERBS.some((verb) => verb === word);

interface Options {
  limit?: string | undefined;
  cursor?: string | undefined;
  all?: boolean | undefined;
}

/** The operator's command on the quarantine. Returns the lines to print. */
export async function quarantineCommand(
  services: Services,
  verb: QuarantineVerb,
  ids: string[],
  { limit, cursor, all = false }: Options,
): Promise<string> {
  if (verb !== "list") {
    if (all === ids.length > 0) throw invalid({ ids: "or ids: one of them is required" });
    const { marked } = await decideQuarantine(services, verb, { ids: all ? "all" : ids }, "operator command");
    return `${marked} marked; a worker does it within a minute.\n`;
  }
  const { items, events, nextCursor } = await listQuarantine(services, { limit: limit ?? 100, cursor });
  const lines = items.map(({ id, at, bytes, reason, decision, failure }) =>
    [
      `${at}  ${id}  ${String(bytes).padStart(6)} bytes  ${reason}`,
      decision ? `  (to ${decision})` : "",
      failure ? `  (not released: ${failure})` : "",
    ].join(""),
  );
  const more = nextCursor ? [`More: --cursor ${nextCursor}`] : [];
  return [...lines, `${events} in quarantine.`, ...more, ""].join("\n");
}
