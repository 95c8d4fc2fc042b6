import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./command.ts";
import { repository } from "./env.ts";
import { exclusively } from "./exclusive.ts";

const generated = path.join(repository, "packages/db/src/generated");
const stamp = path.join(generated, ".schema");

/** Generates the database client if the schema has changed since the last time. */
export const generateClient = (signal?: AbortSignal): Promise<void> =>
  exclusively("generate", () => generate(signal), signal);

async function generate(signal?: AbortSignal): Promise<void> {
  const schema = schemaDigest();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === schema) return;
  await run("prisma", ["generate", "--config", "prisma/prisma.config.ts"], { signal });
  writeFileSync(stamp, schema);
}

function schemaDigest(): string {
  const digest = createHash("sha256");
  const folder = path.join(repository, "prisma/schema");
  for (const name of readdirSync(folder).sort()) digest.update(name).update(readFileSync(path.join(folder, name)));
  return digest.update(readFileSync(path.join(repository, "pnpm-lock.yaml"))).digest("hex");
}
