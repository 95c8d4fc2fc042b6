import { setImmediate as round } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Inflow } from "../src/inflow.ts";
import { Decoding } from "../src/providers/passthrough/decoding.ts";
import { Turns } from "../src/turns.ts";
import type { Upstream } from "../src/upstream.ts";

test("a reader that fails on decompressed bytes ends its own stream, and no turn of others", async () => {
  const turns = new Turns();
  const upstream = { inflow: (connection) => new Inflow(turns, "a", connection) } as Upstream;
  const broken: string[] = [];
  const decoding = new Decoding(upstream, "gzip", {
    isEvents: true,
    data: () => {
      throw new Error("no such event");
    },
    end: () => broken.push("ended"),
    broken: (internal) => broken.push(internal),
    resumeUpstream: () => {},
  });
  decoding.data(gzipSync("data: {}\n\n".repeat(1_000)));
  decoding.end();
  while (broken.length === 0) await round();

  let got = "";
  const other = new Inflow(turns, "b", {
    deliver(chunk) {
      got += chunk.toString();
      return true;
    },
    pauseConnection: () => {},
    resumeConnection: () => {},
  });
  other.readsEvents();
  let isOver = false;
  other.data(Buffer.from("data: {}\n\n".repeat(100)));
  other.end(() => (isOver = true));
  for (let number = 0; number < 1_000 && !isOver; number++) await round();
  expect([broken.length, got.length]).toEqual([1, 1_000]);
});
