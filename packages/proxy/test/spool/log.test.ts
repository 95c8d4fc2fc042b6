import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freshId } from "@tollgate/testkit/fresh-id";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SpoolRecord } from "../../src/spool/frame.ts";
import { FrameBatch } from "../../src/spool/frame-batch.ts";
import { openLog } from "../../src/spool/log.ts";
import { readFrames } from "../../src/spool/read.ts";
import { listSegments, segmentFile } from "../../src/spool/segment.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), "tollgate-log-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const errors: Error[] = [];
const open = (options = {}) =>
  openLog({ dir, reserveBytes: 64 * 1024, onWritten: () => {}, onError: (error) => errors.push(error), ...options });
const frame = (text: string): SpoolRecord => ({ kind: "S", id: freshId(), text });
const encoded = (record: SpoolRecord): Buffer => {
  const batch = new FrameBatch();
  batch.add(record);
  return batch.encoded();
};
const texts = async (end: number): Promise<string[]> => {
  const all: string[] = [];
  for await (const { payload } of readFrames(dir, 0, () => end)) all.push(payload.toString());
  return all;
};

test("an acknowledged record is in the file", async () => {
  const log = await open();
  await Promise.all([log.append(frame("one")), log.append(frame("two"))]);
  expect(await texts(log.end())).toEqual(["one", "two"]);
  await log.append(frame("three"));
  expect(await texts(log.end())).toEqual(["one", "two", "three"]);
  await log.close();
});

test("close writes records that were appended just before it", async () => {
  const log = await open();
  void log.append(frame("late"));
  await log.close();
  expect(await texts(log.end())).toEqual(["late"]);
});

test("segments are named after their first position and are read as one log", async () => {
  const log = await open({ segmentBytes: 200 });
  const wanted = Array.from({ length: 20 }, (_, index) => `record ${index}`);
  for (const text of wanted) await log.append(frame(text));
  const segments = await listSegments(dir);
  expect(segments.length).toBe(5);
  segments.reduce((end, { base, size }) => {
    expect(base).toBe(end);
    return base + size;
  }, 0);
  expect(await texts(log.end())).toEqual(wanted);
  await log.close();
});

test("segment rotation under load causes no error and leaves no file open", async () => {
  const files = (): number => readdirSync("/dev/fd").length;
  const before = files();
  const errors: Error[] = [];
  const log = await open({ segmentBytes: 2_000, onError: (error: Error) => errors.push(error) });
  let written = 0;
  for (let turn = 0; turn < 200; turn += 1) {
    await Promise.all(Array.from({ length: 10 }, () => log.append(frame(`record ${written++}`))));
  }
  await log.close();
  expect(errors).toEqual([]);
  expect(await texts(log.end())).toHaveLength(2_000);
  expect(files()).toBeLessThanOrEqual(before);
});

test("after a torn tail a new segment begins, and only the torn record is lost", async () => {
  const first = await open();
  await first.append(frame("before"));
  await first.close();
  const fd = openSync(segmentFile(dir, 0), "a");
  writeSync(fd, encoded(frame("torn")).subarray(0, 30));
  closeSync(fd);
  const second = await open();
  await second.append(frame("after"));
  await second.close();
  expect(await texts(second.end())).toEqual(["before", "after"]);
});

test("a failing disk is reported and makes the log unhealthy; when it works again, all is written in order", async () => {
  const failing = await open();
  await rm(dir, { recursive: true });
  // With a file in place of the directory, nothing can be created there, not even by root.
  await writeFile(dir, "in the way");
  await expect(failing.append(frame("first"))).rejects.toThrow();
  expect(failing.healthy()).toBe(false);
  await expect(failing.append(frame("second"))).rejects.toThrow();
  expect(errors.length).toBeGreaterThan(0);
  await rm(dir);
  await mkdir(dir);
  await waitFor(() => failing.healthy());
  expect(await texts(failing.end())).toEqual(["first", "second"]);
  await failing.close();
});

/** Makes writes to the next segment fail with ENOSPC, as on a full disk. */
const fillDisk = (position: number): Promise<void> => symlink("/dev/full", segmentFile(dir, position));

test("on a full disk running calls are recorded in the reserve, and the log is unhealthy until space is free", async () => {
  const log = await open({ segmentBytes: 1 });
  await log.append(frame("before"));
  await fillDisk(log.end());
  await log.append(frame("in the reserve"));
  expect(log.healthy()).toBe(false);
  await log.append(frame("so too"));
  expect(await texts(log.end())).toEqual(["before", "in the reserve", "so too"]);
  await waitFor(() => log.healthy());
  await log.append(frame("after"));
  expect(await texts(log.end())).toEqual(["before", "in the reserve", "so too", "after"]);
  expect((await listSegments(dir)).map(({ base, size }) => base + size).at(-1)).toBe(log.end());
  await log.close();
});

test("after a kill on a full disk, the next process reads the records in the reserve", async () => {
  const killed = await open({ segmentBytes: 1 });
  await fillDisk(killed.end());
  await killed.append(frame("in the reserve"));
  const next = await open();
  await next.append(frame("after"));
  expect(await texts(next.end())).toEqual(["in the reserve", "after"]);
  await Promise.all([killed.close(), next.close()]);
});

test("records that fit neither on the disk nor in the reserve are kept in memory", async () => {
  const log = await open({ segmentBytes: 1, reserveBytes: 100 });
  await fillDisk(log.end());
  await expect(log.append(frame("x".repeat(200)))).rejects.toThrow("ENOSPC");
  expect(await texts(log.end())).toEqual([]);
  await rm(segmentFile(dir, log.end()));
  await waitFor(() => log.healthy());
  expect(await texts(log.end())).toEqual(["x".repeat(200)]);
  await log.close();
});

test("when writes fail for too long, the oldest records are dropped and counted", async () => {
  const log = await open({ backlogBytesMax: 200 });
  await rm(dir, { recursive: true });
  for (let index = 0; index < 5; index += 1) await log.append(frame(`record ${index}`)).catch(() => {});
  await waitFor(() => log.lost() === 2);
  await mkdir(dir);
  await waitFor(() => log.healthy());
  expect(await texts(log.end())).toEqual(["record 2", "record 3", "record 4"]);
  await log.close();
});
