import pg from "pg";

export interface ListenOptions {
  connectionString: string;
  channels: readonly string[];
  onNotify: (channel: string, payload: string) => void;
  /** Called after a reconnection. Notifications were lost meanwhile, so the caller must read the state again. */
  onConnected: () => void;
  onLost: (error: Error | undefined) => void;
  /** Milliseconds between connection attempts. Default 500. */
  retryMs?: number;
}

export interface Listener {
  close(): Promise<void>;
}

/** Milliseconds without an answer after which the connection counts as lost. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Keeps a connection that LISTENs, and replaces it when it breaks. */
export function listen(options: ListenOptions): Listener {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const current = new pg.Client({
      connectionString: options.connectionString,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
    });
    let over = false;
    const lost = (error?: Error): void => {
      if (over) return;
      over = true;
      current.end().catch(() => {});
      if (closed) return;
      options.onLost(error);
      retry = setTimeout(connect, options.retryMs ?? 500);
    };
    client = current;
    current.on("error", lost);
    current.on("end", () => lost());
    current.on("notification", ({ channel, payload }) => options.onNotify(channel, payload ?? ""));
    try {
      await current.connect();
      for (const channel of options.channels) await current.query(`listen ${pg.escapeIdentifier(channel)}`);
      if (!over && !closed) options.onConnected();
    } catch (error) {
      lost(error instanceof Error ? error : new Error(String(error)));
    }
  };

  void connect();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => {});
    },
  };
}
