import { providerById } from "@tollgate/catalog/providers";
import { openCredential } from "../provider-get.ts";
import type { TaskWork } from "../task.ts";
import { outcomeOfAnswer } from "./outcome-of-answer.ts";
import { outcomeOfFault } from "./outcome-of-fault.ts";

/** Sends the provider's cheapest request with the stored secret. */
export const testCredential: TaskWork<"credential.test"> = async (task, tools) => {
  const provider = providerById(task.credential.provider);
  if (!provider) return { outcome: "unknown_provider", status: null, durationMs: 0 };
  const opened = openCredential(provider, task, tools);
  if (opened.fault) return { outcome: opened.fault, status: null, durationMs: 0 };
  const startedAt = performance.now();
  const took = (): number => Math.round(performance.now() - startedAt);
  try {
    const answer = await opened.get(provider.test);
    return { outcome: outcomeOfAnswer(answer, provider.test), status: answer.status, durationMs: took() };
  } catch (error) {
    return { ...outcomeOfFault(error), durationMs: took() };
  }
};
