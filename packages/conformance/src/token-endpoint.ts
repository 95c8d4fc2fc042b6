import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TokenEndpoint {
  /** The fields of a service account's credential whose tokens come from here. */
  fields: { serviceAccount: string; tokenUrl: string };
  close(): Promise<void>;
}

/** Gives a token for every request, as Google does for the key file of a service account. */
export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"access_token":"token","token_type":"Bearer","expires_in":3600}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const account = {
    type: "service_account",
    client_email: "robot@acme.iam.gserviceaccount.com",
    private_key_id: "k1",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
  return {
    fields: {
      serviceAccount: JSON.stringify(account),
      tokenUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
