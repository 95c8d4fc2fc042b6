import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { OrgPolicy } from "@tollgate/contracts/grant";
import { z } from "zod";
import { inTurns } from "../../body/steps.ts";
import type { Log } from "../../ports.ts";
import { PolicyFault, parseKey, parseOrg, policyLane } from "../parse-policy.ts";
import type { CopiedOrg } from "./copy-lines.ts";

const Head = z.object({ v: z.literal(6), savedMs: z.number() });
const OrgLine = z.object({ org: z.looseObject({ id: z.string() }) });
const KeyLine = z.object({ key: z.looseObject({ publicId: z.string() }) });

/**
 * Reads the copy of the previous version: one file with all organisations, each followed by its keys. Remove it in the next
 * version.
 * @returns the time at which it was current, epoch ms; null: there is no readable copy.
 */
export async function loadOldCopy(file: string, log: Log, take: (copied: CopiedOrg) => void): Promise<number | null> {
  try {
    const lines = createInterface({ input: createReadStream(file, "utf8") })[Symbol.asyncIterator]();
    const { savedMs } = Head.parse(JSON.parse((await lines.next()).value ?? ""));
    let copied: CopiedOrg | null = null;
    for await (const line of lines) {
      try {
        const value: unknown = JSON.parse(line);
        const org = OrgLine.safeParse(value);
        if (org.success) {
          if (copied) take(copied);
          copied = null;
          const parsed: OrgPolicy = await inTurns(parseOrg(org.data.org.id, org.data.org), policyLane);
          copied = { org: parsed, keys: new Map() };
        } else {
          const { key } = KeyLine.parse(value);
          const parsed = parseKey(key.publicId, key);
          if (parsed.orgId === copied?.org.id) copied.keys.set(parsed.publicId, { key: parsed, usedMs: savedMs });
        }
      } catch (fault) {
        const { field, reason } = fault instanceof PolicyFault ? fault : { field: undefined, reason: String(fault) };
        log.error({ field, reason }, "a line of the policy's copy on disk is damaged");
      }
    }
    if (copied) take(copied);
    return savedMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT")
      log.error({ err: String(error) }, "the copy of the policy on disk cannot be read");
    return null;
  }
}
