import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

/** The PEM of the key whose signatures `startTokenEndpoint` accepts. */
export const PRIVATE_KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
/** A key that it does not know. */
export const STRANGE_KEY = generateKeyPairSync("rsa", { modulusLength: 2_048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

export const CLIENT_SECRET = "s3cret~canary-0123456789";

export interface TokenEndpoint {
  url: string;
  /** The forms that arrived. */
  asked: URLSearchParams[];
  /** Replaces the next answers, one each. */
  script: ((response: ServerResponse) => void)[];
  /** Seconds for which the next tokens are valid. */
  lifetime: unknown;
  close(): void;
}

const refusal = (error: string, error_description: string) => ({ status: 400, body: { error, error_description } });

/** What Google answers: the signature, the audience, the scope and the times of the assertion must be right. */
function googleAnswer(form: URLSearchParams, audience: string, nowMs: number) {
  const [head = "", claims = "", signature = ""] = form.get("assertion")?.split(".") ?? [];
  const isSigned = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    createPublicKey(publicKey.export({ type: "spki", format: "pem" })),
    Buffer.from(signature, "base64url"),
  );
  if (!isSigned) return refusal("invalid_grant", "Invalid JWT Signature.");
  const { alg } = JSON.parse(Buffer.from(head, "base64url").toString());
  const { iss, aud, scope, iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString());
  if (alg !== "RS256" || aud !== audience || !scope.includes("cloud-platform"))
    return refusal("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  if (Math.abs(iat * 1_000 - nowMs) > 60_000 || exp - iat > 3_600)
    return refusal("invalid_grant", "Invalid JWT: Token must be a short-lived token");
  if (!iss.startsWith("robot@")) return refusal("invalid_grant", "Invalid grant: account not found");
  return null;
}

function entraAnswer(form: URLSearchParams) {
  if (form.get("client_id") !== "app") return refusal("unauthorized_client", "AADSTS700016: Application not found.");
  if (form.get("client_secret") !== CLIENT_SECRET)
    return refusal("invalid_client", `AADSTS7000215: Invalid client secret provided: ${form.get("client_secret")}`);
  return form.get("scope") === "https://cognitiveservices.azure.com/.default" ? null : refusal("invalid_scope", "");
}

/** A token endpoint for service accounts and client secrets that checks what it gets. Its tokens are `token-1`, … */
export async function startTokenEndpoint(now: () => number = Date.now): Promise<TokenEndpoint> {
  const endpoint: TokenEndpoint = { url: "", asked: [], script: [], lifetime: 3_600, close: () => {} };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    endpoint.asked.push(form);
    const scripted = endpoint.script.shift();
    if (scripted) return scripted(response);
    const refused = form.has("assertion") ? googleAnswer(form, endpoint.url, now()) : entraAnswer(form);
    const token = { access_token: `token-${endpoint.asked.length}-0123456789`, expires_in: endpoint.lifetime };
    response.writeHead(refused?.status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(refused?.body ?? token));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  endpoint.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  endpoint.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return endpoint;
}
