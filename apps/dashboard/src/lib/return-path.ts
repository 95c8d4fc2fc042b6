/** The path to open after sign-in. Never another site. */
export const returnPath = (next: string | string[] | undefined): string =>
  typeof next === "string" && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/";
