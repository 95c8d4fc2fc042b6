import { deflateSync } from "node:zlib";

const object = (id: number, body: string): string => `${id} 0 obj\n${body}\nendobj\n`;
const page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>";

const kids = (pages: number): string => Array.from({ length: pages }, (_, at) => `${at + 10} 0 R`).join(" ");

/** A PDF as text processors write it, padded with an image of so many bytes. */
export function plainPdf(pages: number, imageBytes = 0): Buffer {
  const tree = `<< /Type /Pages /Kids [${kids(pages)}] /Count ${pages} >>`;
  const image = `<< /Type /XObject /Subtype /Image /Length ${imageBytes} >>\nstream\n${"\u0001".repeat(imageBytes)}\nendstream`;
  const objects = Array.from({ length: pages }, (_, at) => object(at + 10, page)).join("");
  return Buffer.from(
    `%PDF-1.4\n${object(1, "<< /Type /Catalog /Pages 2 0 R >>")}${object(2, tree)}${objects}${object(9, image)}%%EOF`,
    "latin1",
  );
}

/** A PDF whose page objects are in a compressed stream. */
export function packedPdf(pages: number): Buffer {
  const packed = deflateSync(Array.from({ length: pages }, () => page).join("\n"));
  const head = `%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N ${pages} /First 20 /Filter /FlateDecode /Length ${packed.length} >>\nstream\r\n`;
  return Buffer.concat([Buffer.from(head), packed, Buffer.from("\r\nendstream\nendobj\n%%EOF")]);
}
