import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { atOnce } from "../../src/body/steps.ts";
import { countingPages } from "../../src/wires/media/pdf-pages.ts";
import { packedPdf, plainPdf } from "./make-pdf.ts";

const pagesOf = (file: Buffer): number | null => atOnce(countingPages(file.toString("base64")));

test.each([1, 7, 300])("page objects are counted: %i", (pages) => {
  expect(pagesOf(plainPdf(pages))).toBe(pages);
  expect(pagesOf(packedPdf(pages))).toBe(pages);
});

test("a page tree that names the same page many times counts each", () => {
  const many = Array.from({ length: 5_000 }, () => "10 0 R").join(" ");
  expect(pagesOf(Buffer.from(`%PDF-1.4\n<< /Type /Pages /Count 5000 /Kids [${many}] >> << /Type /Page >>`))).toBe(
    5_000,
  );
});

test.each([
  ["an encrypted one", Buffer.concat([plainPdf(3), Buffer.from("trailer << /Encrypt 5 0 R >>")])],
  ["one without pages", Buffer.from("%PDF-1.4 nothing")],
  ["no PDF", randomBytes(4_000)],
  ["an empty one", Buffer.alloc(0)],
  ["a stream that is not closed", Buffer.from("%PDF-1.7 << /Type /ObjStm /Filter /FlateDecode >> stream\nxx")],
  ["a stream that is damaged", Buffer.from("%PDF-1.7 << /Type /ObjStm /Filter /FlateDecode >> stream\nxx\nendstream")],
  ["another filter", Buffer.from("%PDF-1.7 << /Type /ObjStm /Filter /LZWDecode >> stream\nxx\nendstream /Type /Page")],
])("is unknown: %s", (_what, file) => {
  expect(pagesOf(file)).toBeNull();
});

test("a stream that inflates to a gigabyte is not inflated", async () => {
  const { gzipSync: _, deflateSync } = await import("node:zlib");
  const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024));
  const head = Buffer.from("%PDF-1.7 << /Type /ObjStm /Filter /FlateDecode >> stream\n");
  expect(pagesOf(Buffer.concat([head, bomb, Buffer.from("\nendstream /Type /Page")]))).toBeNull();
});

test.each([
  ["pages", "/Page"],
  ["page types", "/Type/Page"],
  ["counts", Array.from({ length: 40_000 }, (_, at) => `/Kids/Count ${at}`).join("")],
  ["streams", "/ObjStm stream\n endstream"],
  ["Types without a name", "/Type          "],
])("a file full of %s is read in small steps", (_what, word) => {
  const file = Buffer.from(`%PDF-1.4 ${word.repeat(Math.ceil(2_000_000 / word.length))}`, "latin1");
  const steps = countingPages(file.toString("base64"));
  let count = 0;
  while (!steps.next().done) count += 1;
  expect(count).toBeGreaterThan(100);
});

test("a large file is read in many steps", () => {
  const steps = countingPages(plainPdf(20, 8 * 1024 * 1024).toString("base64"));
  let count = 0;
  let result = steps.next();
  for (; !result.done; result = steps.next()) count += 1;
  expect(result.value).toBe(20);
  expect(count).toBeGreaterThan(64);
});
