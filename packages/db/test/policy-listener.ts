import { type Listener, listen } from "../src/listen.ts";

/** Listens for changes of policy; resolves once it is connected. */
export const policyListener = (connectionString: string, onNotify: (payload: string) => void): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const listener = listen({
      connectionString,
      channels: ["tollgate_policy"],
      onNotify: (_channel, payload) => onNotify(payload),
      onConnected: () => resolve(listener),
      onLost: (error) => reject(error ?? new Error("lost")),
    });
  });
