import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Ports } from "../../ports.ts";
import { isObject, isString, type StoredObject } from "../../wires/stored-objects.ts";
import type { Reply, ResourceCaller } from "../surface.ts";
import { ownFile } from "./file-object.ts";
import { jsonAnswer, jsonReply } from "./json-answer.ts";
import { listQuery } from "./list-query.ts";
import { resourceCall } from "./resource-call.ts";
import { readStoredName } from "./stored-name.ts";
import { credentialForFile, MODEL_HEADER, storesAt, storingCredentials } from "./storing-credentials.ts";
import { Unanswered } from "./unanswered.ts";

const LIMIT_MAX = 10_000;
/** Files in one page of the provider and of an answer, and pages that one request reads. Files of other keys are in them too. */
const PAGE = 1_000;
const PAGES_MAX = 20;

/**
 * Files that this key uploaded, at all credentials or at that of the model in the header. The provider's list is filtered by
 * the names of the files.
 */
export async function listFiles(ports: Ports, caller: ResourceCaller): Promise<Reply> {
  const { grant, exchange } = caller;
  const query = listQuery(exchange.query, { limitMax: LIMIT_MAX, others: ["purpose", "order"] });
  const most = Math.min(query.limit, PAGE);
  const owner = { orgId: grant.org.id, keyId: grant.key.id };
  const from = query.after === null ? null : ports.vault.ids.open(query.after, { kind: "file", ...owner });
  if (query.after !== null && !from)
    throw new TollgateError("not_found", "There is no such file for this key.", { param: "after" });
  const named = exchange.headers[MODEL_HEADER];
  const able = isString(named) ? [credentialForFile(grant, named)] : storingCredentials(grant, "files");
  const credentials = able.filter(({ id }) => !from || id >= from.credentialId);
  const data: StoredObject[] = [];
  const unanswered = new Unanswered(ports, caller);
  let pages = 0;
  for (const credential of credentials) {
    let after = credential.id === from?.credentialId ? from.providerId : null;
    for (;;) {
      if (pages === PAGES_MAX) return tooManyOthers(data, unanswered);
      pages += 1;
      const start = after;
      const page = await unanswered.ask(credential, () => readPage(ports, caller, credential, query.others, start));
      if (!page) break;
      const at = { ...owner, credentialId: credential.id };
      for (const file of page.files) {
        if (!readStoredName(ports.vault.ids, at, file.filename)) continue;
        if (data.length === most) return listReply(data, true, unanswered);
        data.push(ownFile(ports.vault.ids, at, file));
      }
      if (page.last === null || page.last === after) break;
      after = page.last;
    }
  }
  return listReply(data, false, unanswered);
}

/** `last`: where the next page begins; null: there is none. */
async function readPage(
  ports: Ports,
  caller: ResourceCaller,
  credential: CredentialPolicy,
  others: Readonly<Record<string, string>>,
  after: string | null,
): Promise<{ files: StoredObject[]; last: string | null }> {
  const query = new URLSearchParams({ ...others, limit: String(PAGE), ...(after !== null && { after }) });
  const path = `${storesAt(credential, "files")}?${query}`;
  const body = await resourceCall(ports, caller, credential, { method: "GET", path });
  const { data, has_more } = await jsonAnswer(ports, caller.grant.org.id, body);
  const files = Array.isArray(data) ? data.filter(isObject) : [];
  const last = files.at(-1)?.id;
  return { files, last: has_more === true && isString(last) ? last : null };
}

function tooManyOthers(data: readonly StoredObject[], unanswered: Unanswered): Reply {
  if (data.length > 0) return listReply(data, true, unanswered);
  const message = `The provider lists ${PAGES_MAX * PAGE} files of others first: list with another order or purpose.`;
  throw new TollgateError("invalid_value", message, { param: "order" });
}

export const listReply = (data: readonly StoredObject[], hasMore: boolean, unanswered: Unanswered): Reply =>
  jsonReply(
    {
      object: "list",
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: hasMore,
    },
    unanswered.headers(),
  );
