import { type ErrorCode, TollgateError } from "@tollgate/contracts/errors";
import type { Context } from "@tollgate/control/context";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { forbidden, notFound, redirect } from "next/navigation";
import { cache } from "react";
import { clientAddress } from "@/lib/client-address.ts";
import { services } from "@/lib/services.ts";
import { currentSession, currentSessionId } from "@/lib/session.ts";

/** Who asks, in which organisation. Throws `not_found` for an organisation that is not theirs. */
export async function contextOf(slug: string): Promise<Context> {
  const sessionId = await currentSessionId();
  if (!sessionId) throw new TollgateError("missing_api_key", "You are signed out.");
  return contextForSession(services(), sessionId, slug, await clientAddress());
}

/** An address that was mistyped leads nowhere, whatever part of it is wrong. */
const NOWHERE: ReadonlySet<ErrorCode> = new Set(["not_found", "validation_failed"]);

const contextOfPage = cache(async (slug: string): Promise<Context> => {
  if (!(await currentSession())) redirect(`/sign-in?next=${encodeURIComponent(`/${slug}`)}`);
  return contextOf(slug);
});

/** Reads for a page: no session leads to the sign-in, a foreign organisation to not-found, a missing right to forbidden. */
export async function load<T>(slug: string, query: (ctx: Context) => Promise<T>): Promise<T> {
  try {
    return await query(await contextOfPage(slug));
  } catch (error) {
    if (error instanceof TollgateError && NOWHERE.has(error.code)) notFound();
    if (error instanceof TollgateError && error.code === "forbidden") forbidden();
    throw error;
  }
}
