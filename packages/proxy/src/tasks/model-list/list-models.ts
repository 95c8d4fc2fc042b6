import { type ModelListing, providerById } from "@tollgate/catalog/providers";
import { LISTED_MODELS_MAX, type ModelListOutcome, type TaskResult } from "@tollgate/contracts/tasks";
import { parsingAnswer } from "../../body/read-json.ts";
import { inTurns } from "../../body/steps.ts";
import { outcomeOfAnswer } from "../credential-test/outcome-of-answer.ts";
import { outcomeOfFault } from "../credential-test/outcome-of-fault.ts";
import { openCredential } from "../provider-get.ts";
import type { TaskWork } from "../task.ts";
import { namesIn } from "./names-in.ts";
import { nextPath } from "./next-path.ts";

const PAGES_MAX = 10;
const PAGE_BYTES_MAX = 4 * 1024 * 1024;

/** Asks the provider for the models of the credential, page by page. Only their names are kept, within bounds. */
export const listModels: TaskWork<"credential.models"> = async (task, tools) => {
  const provider = providerById(task.credential.provider);
  const startedAt = performance.now();
  const names = new Set<string>();
  let isPartial = false;
  let status: number | null = null;
  const result = (outcome: ModelListOutcome): TaskResult<"credential.models"> => ({
    ...{
      outcome,
      status,
      isPartial: isPartial || names.size > LISTED_MODELS_MAX,
      durationMs: Math.round(performance.now() - startedAt),
    },
    models: [...names].slice(0, LISTED_MODELS_MAX).sort(),
  });
  // What was found before a later page failed is worth something.
  const partial = (outcome: ModelListOutcome): TaskResult<"credential.models"> => {
    if (names.size === 0) return result(outcome);
    isPartial = true;
    return result("works");
  };
  if (!provider) return result("unknown_provider");
  const { list, test } = provider;
  if (!list) return result("no_list");
  const opened = openCredential(provider, task, tools);
  if (opened.fault) return result(opened.fault);
  const lane = tools.lanes.of(task.organisation.id);
  let path: string | null = list.path;
  try {
    for (let page = 0; path !== null && page < PAGES_MAX && names.size < LISTED_MODELS_MAX; page++) {
      const answer = await opened.get({ ...list, path, bytesMax: PAGE_BYTES_MAX });
      ({ status } = answer);
      const outcome = answer.body || status >= 300 ? outcomeOfAnswer(answer, test) : "unreadable_list";
      if (outcome !== "works") return partial(outcome);
      const json = answer.body && (await inTurns(parsingAnswer(asObject(answer.body, list)), lane));
      const found = json && namesIn(json, list);
      if (!found) return partial("unreadable_list");
      isPartial ||= found.isPartial;
      // A server may send the secret back as a name.
      for (const name of found.names) if (!opened.holdsSecret(name)) names.add(name);
      path = nextPath(list, path, json);
    }
    if (path !== null) isPartial = true;
    return result("works");
  } catch (error) {
    const fault = outcomeOfFault(error);
    ({ status } = fault);
    return partial(fault.outcome);
  }
};

/** A list at the top level, as a field of an object. */
const asObject = (body: Buffer, { items }: ModelListing): Buffer =>
  items === null ? Buffer.concat([Buffer.from('{"items":'), body, Buffer.from("}")]) : body;
