/** Runs once when the server starts. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next replaces this very expression, so that no edge bundle sees what follows.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./require-settings.ts")).requireSettings();
  const [{ noteClientAddresses }, { env }, { readClientAddress, CLIENT_ADDRESS }, { operate }] = await Promise.all([
    import("./lib/note-client-address.ts"),
    import("./env.ts"),
    import("./lib/client-address.ts"),
    import("./operate/operate.ts"),
  ]);
  noteClientAddresses(env().TOLLGATE_TRUSTED_PROXIES);
  await operate((headers) => readClientAddress(String(headers[CLIENT_ADDRESS] ?? "")));
}
