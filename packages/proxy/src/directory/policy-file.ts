import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import { originOf } from "@tollgate/vault/origin";
import { withAmounts } from "./read.ts";
import type { Snapshot } from "./snapshot.ts";

interface PolicyFile {
  /** 4 is from before boxes named their origin: all of its boxes have the origin it says. */
  v: 4 | 5;
  savedMs: number;
  orgs: { org: OrgPolicy; keys: KeyPolicy[] }[];
}

const text = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

/** A copy for a start without Postgres. It holds hashes and sealed boxes, nothing that opens anything. */
export async function savePolicy(file: string, snapshot: Snapshot, savedMs: number): Promise<void> {
  const content = JSON.stringify({ v: 5, savedMs, orgs: [...snapshot.entries()] }, text);
  // Several processes may share the folder.
  const draft = `${file}.${process.pid}`;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, file);
}

const ofVersion4 = (org: OrgPolicy): OrgPolicy => ({
  ...org,
  credentials: org.credentials.map((credential) => ({ ...credential, legacyOrigin: originOf(credential.baseUrl) })),
});

/** When it was saved, epoch ms; null: there is none that can be read. */
export async function loadPolicy(file: string, snapshot: Snapshot): Promise<number | null> {
  try {
    const saved = JSON.parse(await readFile(file, "utf8")) as PolicyFile;
    if (saved.v !== 4 && saved.v !== 5) return null;
    for (const { org, keys } of saved.orgs) snapshot.apply(withAmounts(saved.v === 4 ? ofVersion4(org) : org), keys);
    return saved.savedMs;
  } catch {
    return null;
  }
}
