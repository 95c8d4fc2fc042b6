import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { credential, model, target } from "../setup.ts";
import { type FilesSetup, openFilesSetup } from "./files-setup.ts";

const MIB = 1024 * 1024;
let setup: FilesSetup;
const server = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.write("1".repeat(2 * MIB), () => setImmediate(() => response.destroy()));
});
afterEach(async () => {
  await setup.close();
  server.close();
});

test("the memory of a list that breaks off is free again", async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const breaking = credential(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  setup = await openFilesSetup({ settings: { bodiesBytesMax: 12 * MIB } });
  const { credentials, models } = setup.org;
  setup.change({ credentials: [breaking], models: [model([target(breaking.id)])] });
  for (let round = 0; round < 8; round++) expect((await setup.get("/v1/files")).status).toBe(502);
  setup.change({ credentials, models });
  expect((await setup.get("/v1/files")).status).toBe(200);
});
