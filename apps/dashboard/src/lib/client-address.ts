import { headers } from "next/headers";

/** The nearest hop wrote the last address of the list; whatever stands before it, the caller may have made up. */
export const lastHop = (forwardedFor: string | null | undefined): string | null =>
  forwardedFor?.split(",").at(-1)?.trim() || null;

/** The address a request came from, for the audit log and for throttling. */
export const clientAddress = async (): Promise<string | null> => lastHop((await headers()).get("x-forwarded-for"));
