/** Runs once when the server starts. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: Next replaces this expression, so that its edge bundle leaves out what follows.
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  (await import("./require-settings.ts")).requireSettings();
  const [{ trustedProxies }, { noteClientAddresses }, { env }, { readClientAddress, CLIENT_ADDRESS }, { operate }] =
    await Promise.all([
      import("@tollgate/control/client-address"),
      import("./lib/note-client-address.ts"),
      import("./env.ts"),
      import("./lib/client-address.ts"),
      import("./operate/operate.ts"),
    ]);
  noteClientAddresses(trustedProxies(env().TOLLGATE_TRUSTED_PROXIES));
  await operate((headers) => readClientAddress(String(headers[CLIENT_ADDRESS] ?? "")));
}
