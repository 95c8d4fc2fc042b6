/** Where to go after signing in: a path of ours, never another site's. */
export const returnPath = (next: string | string[] | undefined): string =>
  typeof next === "string" && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : "/";
