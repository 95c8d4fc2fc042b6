/** Runs once when the server starts. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next replaces this very expression, so that no edge bundle sees what follows.
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./require-settings.ts")).requireSettings();
}
