import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Rig } from "./rig.ts";

const INSPECT = path.join(import.meta.dirname, "../../proxy/src/spool/inspect.ts");
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
/** A spool that no process holds, or one with calls that have not ended. */
const IS_OPEN = /^ {2}held by +nobody$|^ {2}running +[1-9]/m;

/**
 * Whether a later process may still add usage events to a spool on the disk: it has a call without an end, or waits for
 * adoption. The `tollgate-spool` command tells.
 */
export async function hasOpenSpool({ spoolDir }: Rig): Promise<boolean> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [INSPECT, spoolDir], { maxBuffer: OUTPUT_BYTES_MAX });
  return IS_OPEN.test(stdout);
}
