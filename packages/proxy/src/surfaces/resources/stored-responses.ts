import { TollgateError } from "@tollgate/contracts/errors";
import type { Ports } from "../../ports.ts";
import { openAiError } from "../../wires/error-wording.ts";
import { WIRES } from "../../wires/table.ts";
import type { IdSeals } from "../../wires/wire.ts";
import type { Reply, ResourceCaller, ResourceSurface } from "../surface.ts";
import { isKept, keptAnswer } from "./kept-answer.ts";
import { resourceCall } from "./resource-call.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** The endpoints of one stored response, by what follows its id. */
const AFTER_ID: Readonly<Record<string, readonly ResourceRequest["method"][]>> = {
  "": ["GET", "DELETE"],
  "/cancel": ["POST"],
  "/input_items": ["GET"],
};

/** The surfaces at `/responses/{id}…`. Empty: there are none. */
export const responseSurfaces = (id: string, after: string): ResourceSurface[] =>
  (AFTER_ID[after] ?? []).map((method) => ({
    kind: "resource",
    name: "stored-response",
    method,
    errors: openAiError,
    answer: (ports, caller) => answer(ports, caller, method, id, after),
  }));

async function answer(
  ports: Ports,
  caller: ResourceCaller,
  method: ResourceRequest["method"],
  id: string,
  after: string,
): Promise<Reply> {
  const { grant, exchange } = caller;
  if (isKept(id)) return keptAnswer(ports, caller, method, id, after);
  const owner = { kind: "response", orgId: grant.org.id, keyId: grant.key.id } as const;
  const found = ports.vault.ids.open(id, owner);
  const credential = found && grant.org.credentials.find((each) => each.id === found.credentialId);
  if (!found || !credential) throw new TollgateError("not_found", "There is no such response for this key.");
  if (new URLSearchParams(exchange.query).get("stream") === "true") {
    throw new TollgateError("invalid_value", "stream must be false: only background responses can be streamed later.", {
      param: "stream",
    });
  }
  const query = exchange.query === "" ? "" : `?${exchange.query}`;
  const path = `/responses/${encodeURIComponent(found.providerId)}${after}${query}`;
  const body = await resourceCall(ports, caller, credential, { method, path });
  const seals: IdSeals = {
    sealId: (providerId) => ports.vault.ids.seal({ ...found, providerId }),
    // The key has named the files that were read, and not those that the answer cites.
    sealStored: (providerId, { kind, isRepeated }) =>
      ports.vault.ids.seal({ ...found, kind: isRepeated ? "cited_file" : kind, providerId }),
  };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: WIRES["openai-responses"].answer.withOwnIds?.(body, seals) ?? body,
  };
}
