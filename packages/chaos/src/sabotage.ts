// Preloaded into every process of an installation under chaos, so the product's code does not know it. The process is killed
// at a kill point if the point is armed. A file sets the error of its clock.
import fs, { readFileSync, unlinkSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Socket } from "node:net";
import path from "node:path";
import { CLOCK_FILE, readSabotageEnv } from "./env.ts";
import { armingFile, KILL_POINT_NAMES, KILL_POINTS, type KillPoint } from "./kill-points.ts";

const { dir } = readSabotageEnv();
const CLOCK_EVERY_MS = 100;

const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("killed");
};

/** Whether this process is the one to be killed there. */
function isArmed(file: string): boolean {
  try {
    unlinkSync(file);
    return true;
  } catch {
    return false;
  }
}

interface Mark extends KillPoint {
  file: string;
  bytes: Buffer;
}

const marks = KILL_POINT_NAMES.map((name): Mark => {
  const point = KILL_POINTS[name];
  return { ...point, file: path.join(dir, armingFile(name)), bytes: Buffer.from(point.writes, "latin1") };
});
const marksOn = (on: KillPoint["on"]): Mark[] => marks.filter((mark) => mark.on === on);
const [spoolMarks, socketMarks] = [marksOn("spool"), marksOn("socket")];

const FRAME_START = Buffer.from("f5544cfe", "hex");
const KIND_AT = 12;

function hasRecord(bytes: Buffer, kind: number | undefined): boolean {
  for (let at = bytes.indexOf(FRAME_START); at !== -1; at = bytes.indexOf(FRAME_START, at + 1))
    if (bytes[at + KIND_AT] === kind) return true;
  return false;
}

const { writeSync } = fs;
fs.writeSync = ((fd: number, bytes: Buffer, ...rest: []) => {
  const isRecord = Buffer.isBuffer(bytes) && bytes.subarray(0, FRAME_START.length).equals(FRAME_START);
  const met = isRecord ? spoolMarks.filter((mark) => hasRecord(bytes, mark.bytes[0])) : [];
  if (met.some((mark) => mark.dies === "before" && isArmed(mark.file))) die();
  const written = writeSync(fd, bytes, ...rest);
  if (met.some((mark) => mark.dies === "after" && isArmed(mark.file))) die();
  return written;
}) as typeof fs.writeSync;
syncBuiltinESMExports();

const { write } = Socket.prototype;
Socket.prototype.write = function (this: Socket, chunk: string | Uint8Array, ...rest: []) {
  const bytes =
    typeof chunk === "string"
      ? Buffer.from(chunk, "latin1")
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const met = socketMarks.filter((mark) => bytes.includes(mark.bytes));
  if (met.some((mark) => mark.dies === "before" && isArmed(mark.file))) die();
  const isTaken = write.call(this, chunk, ...rest);
  // Writes of one turn may be corked. They are sent before the next turn.
  if (met.some((mark) => mark.dies === "after" && isArmed(mark.file))) setImmediate(die);
  return isTaken;
} as typeof write;

const trueNow = Date.now;
const number = Number(process.argv[process.argv.indexOf("--process") + 1]);
let offsetMs = 0;
Date.now = () => trueNow() + offsetMs;
if (Number.isInteger(number)) {
  setInterval(() => {
    try {
      offsetMs = JSON.parse(readFileSync(path.join(dir, CLOCK_FILE), "utf8"))[number - 1] ?? 0;
    } catch {
      // The file does not exist yet, or is being written.
    }
  }, CLOCK_EVERY_MS).unref();
}
