import { once } from "node:events";
import { createServer } from "node:net";

/** Ends the process with one line that names the setting if the port cannot be opened. Next would print a stack. */
export async function requireFreePort(port: number, host: string): Promise<void> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === "EADDRINUSE"
        ? `port ${port} is taken: free it, or set DASHBOARD_PORT to another one.`
        : `port ${port} (DASHBOARD_PORT) cannot be opened on ${host} (DASHBOARD_HOST): ${message}.`;
    console.error(reason);
    process.exit(1);
  }
  await new Promise((resolve) => server.close(resolve));
}
