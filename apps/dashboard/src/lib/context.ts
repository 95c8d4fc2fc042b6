import { type ErrorCode, TollgateError } from "@tollgate/contracts/errors";
import type { Context } from "@tollgate/control/context";
import { contextForSession } from "@tollgate/control/people/context-for-session";
import { forbidden, notFound, redirect } from "next/navigation";
import { cache } from "react";
import { clientAddress } from "@/lib/client-address.ts";
import { services } from "@/lib/services.ts";
import { currentSession, currentSessionId } from "@/lib/session.ts";

/** The context of the session in an organisation. Throws `not_found` if the person is not a member. */
export async function contextOf(slug: string): Promise<Context> {
  const sessionId = await currentSessionId();
  if (!sessionId) throw new TollgateError("missing_api_key", "You are signed out.");
  return contextForSession(services(), sessionId, slug, await clientAddress());
}

/** A mistyped URL leads to not-found, for any part of it. */
const NOWHERE: ReadonlySet<ErrorCode> = new Set(["not_found", "validation_failed"]);

const contextOfPage = cache(async (slug: string): Promise<Context> => {
  if (!(await currentSession())) redirect(`/sign-in?next=${encodeURIComponent(`/${slug}`)}`);
  return contextOf(slug);
});

/** Loads data for a page. Without a session it leads to sign-in, for another organisation to not-found, without the right to forbidden. */
export async function load<T>(slug: string, query: (ctx: Context) => Promise<T>): Promise<T> {
  try {
    return await query(await contextOfPage(slug));
  } catch (error) {
    if (error instanceof TollgateError && NOWHERE.has(error.code)) notFound();
    if (error instanceof TollgateError && error.code === "forbidden") forbidden();
    throw error;
  }
}
