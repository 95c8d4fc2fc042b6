import { TollgateError } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Ports } from "../../ports.ts";
import { isObject, isString, type StoredObject } from "../../wires/stored-objects.ts";
import type { Reply, ResourceCaller } from "../surface.ts";
import { type FileFormat, fileFormat } from "./file-format.ts";
import { ownFile } from "./file-object.ts";
import { jsonAnswer, jsonReply } from "./json-answer.ts";
import { listQuery } from "./list-query.ts";
import { resourceCall } from "./resource-call.ts";
import { readStoredName } from "./stored-name.ts";
import { credentialForFile, MODEL_HEADER, storesAt, storingCredentials } from "./storing-credentials.ts";
import { Unanswered } from "./unanswered.ts";

/** Files in one page of the provider and of an answer, and pages that one request reads. Files of other keys are in them too. */
const PAGE = 1_000;
const PAGES_MAX = 20;

/**
 * Files that this key uploaded, at all credentials or at that of the model in the header. The provider's list is filtered by
 * the names of the files.
 */
export async function listFiles(ports: Ports, caller: ResourceCaller): Promise<Reply> {
  const { grant, exchange } = caller;
  const format = fileFormat(exchange);
  const { limitMax, limit = limitMax, hasPurpose } = format;
  const given = new URLSearchParams(exchange.query);
  const refused = format.refused.find((name) => given.has(name));
  if (refused !== undefined)
    throw new TollgateError("invalid_value", `${refused} is not supported: use ${format.after}.`, { param: refused });
  const param = format.page !== undefined && given.has(format.page) ? format.page : format.after;
  const others = hasPurpose ? ["purpose", "order"] : [];
  const query = listQuery(exchange.query, { limitMax, limit, after: param, others });
  const most = Math.min(query.limit, PAGE);
  const owner = { orgId: grant.org.id, keyId: grant.key.id };
  const from = query.after === null ? null : ports.vault.ids.open(query.after, { kind: "file", ...owner });
  if (query.after !== null && !from)
    throw new TollgateError("not_found", "There is no such file for this key.", { param });
  const named = exchange.headers[MODEL_HEADER];
  const able = isString(named)
    ? [credentialForFile(grant, named, format.stores)]
    : storingCredentials(grant, format.stores);
  const credentials = able.filter(({ id }) => !from || id >= from.credentialId);
  const data: StoredObject[] = [];
  const unanswered = new Unanswered(ports, caller);
  const listed = (hasMore: boolean): Reply => jsonReply(format.list(data, hasMore), unanswered.headers());
  let pages = 0;
  for (const credential of credentials) {
    let next: Next | null = credential.id === from?.credentialId ? { [format.after]: from.providerId } : null;
    for (;;) {
      if (pages === PAGES_MAX) return tooManyOthers(format, data, unanswered);
      pages += 1;
      const start: Next | null = next;
      const page = await unanswered.ask(credential, () =>
        readPage(ports, caller, credential, { format, others: query.others, next: start }),
      );
      if (!page) break;
      const at = { ...owner, credentialId: credential.id };
      for (const file of page.files) {
        if (!readStoredName(ports.vault.ids, at, file.filename)) continue;
        if (data.length === most) return listed(true);
        data.push(ownFile(ports.vault.ids, at, file));
      }
      if (page.next === null || isSame(page.next, start)) break;
      next = page.next;
    }
  }
  return listed(false);
}

interface Page {
  format: FileFormat;
  others: Readonly<Record<string, string>>;
  next: Next | null;
}

/** Parameters of the provider's next page. */
type Next = Readonly<Record<string, string>>;

const isSame = (a: Next, b: Next | null): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `next`: null if there is no further page. */
async function readPage(
  ports: Ports,
  caller: ResourceCaller,
  credential: CredentialPolicy,
  { format, others, next }: Page,
): Promise<{ files: StoredObject[]; next: Next | null }> {
  const query = new URLSearchParams({ ...others, limit: String(PAGE), ...next });
  const path = `${storesAt(credential, format.stores)}?${query}`;
  const headers = format.headers(caller.exchange);
  const body = await resourceCall(ports, caller, credential, { method: "GET", path, headers });
  const { data, has_more, next_page } = await jsonAnswer(ports, caller.grant.org.id, body);
  const files = Array.isArray(data) ? data.filter(isObject) : [];
  const last = files.at(-1)?.id;
  if (format.page !== undefined && isString(next_page)) return { files, next: { [format.page]: next_page } };
  return { files, next: has_more === true && isString(last) ? { [format.after]: last } : null };
}

function tooManyOthers(format: FileFormat, data: readonly StoredObject[], unanswered: Unanswered): Reply {
  if (data.length > 0) return jsonReply(format.list(data, true), unanswered.headers());
  const message = `The provider lists ${PAGES_MAX * PAGE} files of others first: list with another order or purpose.`;
  throw new TollgateError("invalid_value", message, { param: "order" });
}
