import { TollgateError } from "@tollgate/contracts/errors";
import { publicError } from "@tollgate/control/public-error";
import type { Verb } from "@tollgate/control/verb";
import { refresh } from "next/cache";
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import type { ActionResult, Failure } from "@/lib/action-result.ts";
import { contextOf } from "@/lib/context.ts";

export function failureFrom(error: unknown): Failure {
  unstable_rethrow(error);
  const { status, message, detail } = publicError(error);
  if (status >= 500) console.error(error);
  return { ok: false, message, fields: detail.fields ?? {} };
}

/** Next accepts requests without an Origin. The dashboard's pages always send one. */
export async function refuseForeignOrigin(): Promise<void> {
  const sent = await headers();
  const origin = sent.get("origin");
  const host = sent.get("x-forwarded-host") ?? sent.get("host");
  const same = origin
    ? URL.canParse(origin) && new URL(origin).host === host
    : sent.get("sec-fetch-site") === "same-origin";
  if (!same) throw new TollgateError("forbidden", "This form was sent from another site.");
}

/** A control verb as a server action: session → context → verb. The verb does all checks. Refreshes the page afterwards. */
export const verbAction =
  <I extends z.ZodType, O extends z.ZodType>(verb: Verb<I, O>) =>
  async (slug: string, input: z.input<I>): Promise<ActionResult<z.output<O>>> => {
    try {
      await refuseForeignOrigin();
      const data = await verb(await contextOf(slug), input);
      refresh();
      return { ok: true, data };
    } catch (error) {
      return failureFrom(error);
    }
  };
