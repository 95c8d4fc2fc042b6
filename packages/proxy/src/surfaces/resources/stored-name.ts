import type { ResourceIds } from "@tollgate/vault/resource-id";

/** Whose file it is, and where it is stored. */
export interface FileOwner {
  orgId: string;
  keyId: string;
  credentialId: string;
}

/** What the name of a file at its provider says. */
export interface StoredName {
  /** The client's name of the file. */
  name: string;
  /** The model of a batch's input, whose lines were checked and rewritten; null: the file is not one. */
  modelId: string | null;
}

const NO_MODEL = "x";
const NAME = /^tg1\.([\w-]{16})\.([0-9a-f]{32}|x)\.(.*)$/s;
const CHARS_MAX = 128;
const UUID = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/;

/**
 * The name under which a file is stored at the provider. Its MAC proves which key uploaded it and with which credential, so
 * the provider's list can be filtered without a table.
 */
export function storedName(ids: ResourceIds, owner: FileOwner, { name, modelId }: StoredName): string {
  const model = modelId?.replaceAll("-", "") ?? NO_MODEL;
  return `tg1.${ids.mark(owner, `${owner.credentialId}/${model}`)}.${model}.${name.slice(-CHARS_MAX)}`;
}

/** Null: the gateway did not store the file for this key. */
export function readStoredName(ids: ResourceIds, owner: FileOwner, stored: unknown): StoredName | null {
  if (typeof stored !== "string") return null;
  const [, mac, model = NO_MODEL, name = ""] = NAME.exec(stored) ?? [];
  if (mac === undefined || !ids.isMark(owner, `${owner.credentialId}/${model}`, mac)) return null;
  return { name, modelId: model === NO_MODEL ? null : model.replace(UUID, "$1-$2-$3-$4-$5") };
}
