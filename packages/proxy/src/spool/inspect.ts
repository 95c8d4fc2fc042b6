#!/usr/bin/env node
import { stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { uuidTimeMs } from "@tollgate/contracts/ids";
import { holderOf, spoolDirectories } from "./claim.ts";
import { readChunk } from "./read.ts";
import { listSegments } from "./segment.ts";

const USAGE = `tollgate-spool <folder> [--events]

Shows what the spools in a folder contain, and changes nothing. With --events, prints each ended request as a line of
JSON instead. The folder is TOLLGATE_SPOOL_DIR, or "spool" in TOLLGATE_DATA_DIR.`;

interface Contents {
  ended: number;
  open: Map<string, string>;
  damagedBytes: number;
  firstMs: number;
  lastMs: number;
}

async function read(dir: string, onEvent: (text: string) => void): Promise<Contents> {
  const contents: Contents = {
    ended: 0,
    open: new Map(),
    damagedBytes: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: 0,
  };
  const newest = (await listSegments(dir)).at(-1);
  const end = newest ? newest.base + newest.size : 0;
  for (let position = 0; position < end; ) {
    const chunk = await readChunk(dir, position, end);
    contents.damagedBytes += chunk.damaged;
    for (const { kind, id, payload } of chunk.frames) {
      contents.firstMs = Math.min(contents.firstMs, uuidTimeMs(id));
      contents.lastMs = Math.max(contents.lastMs, uuidTimeMs(id));
      if (kind === "D") contents.open.set(id, "");
      else {
        contents.open.delete(id);
        contents.ended += 1;
        onEvent(payload.toString());
      }
    }
    if (chunk.to <= position) break;
    position = chunk.to;
  }
  return contents;
}

const instant = (ms: number): string => (ms > 0 && Number.isFinite(ms) ? new Date(ms).toISOString() : "none");

async function describe(dir: string): Promise<void> {
  const segments = await listSegments(dir);
  const { ended, open, damagedBytes, firstMs, lastMs } = await read(dir, () => {});
  const bytes = segments.reduce((sum, { size }) => sum + size, 0);
  console.log(`${dir}
  held by       ${(await holderOf(dir)) ?? "nobody"}
  segments      ${segments.length}, ${bytes} bytes from position ${segments[0]?.base ?? 0}
  ended         ${ended} requests, ${instant(firstMs)} to ${instant(lastMs)}
  running       ${open.size} requests
  damaged       ${damagedBytes} bytes
`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { events: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});
const [folder] = positionals;
const isFolder =
  folder !== undefined &&
  (await stat(folder)
    .then((found) => found.isDirectory())
    .catch(() => false));
if (values.help || !isFolder) {
  console.error(folder === undefined || values.help ? USAGE : `${folder} is not a folder`);
  process.exitCode = values.help ? 0 : 1;
} else {
  const dirs = await spoolDirectories(folder);
  if (dirs.length === 0 && !values.events) console.log("this folder contains no spool");
  for (const dir of dirs) await (values.events ? read(dir, (text) => console.log(text)) : describe(dir));
}
