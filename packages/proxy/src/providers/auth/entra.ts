import type { Exchange } from "./auth.ts";
import { FORM, type Reasons, tokenIn } from "./oauth-answer.ts";
import { TokenFault } from "./token-fault.ts";

const AUTHORITY = "https://login.microsoftonline.com";
/** Of all of Azure's AI services. Other clouds, which are known by their token endpoint, have their own. */
const scopeFor = (tokenUrl: string): string => {
  const { hostname } = new URL(tokenUrl);
  const cloud = /^login\.(?:microsoftonline|partner\.microsoftonline)\.(us|cn)$/.exec(hostname)?.[1] ?? "com";
  return `https://cognitiveservices.azure.${cloud}/.default`;
};

const REASONS: Reasons = [
  ["tenant", /AADSTS(?:90002|900023|90013|900382)\b/],
  ["client", /AADSTS(?:700016|7000229|90038)\b|unauthorized_client/],
  ["secret", /AADSTS(?:7000215|7000222|7000216|50012)\b|invalid_client/],
];

/** Client credentials of an application in Microsoft Entra ID. */
export const entra: Exchange = {
  async run({ tenantId, clientId, clientSecret, tokenUrl }, { post }) {
    if (!tenantId || !clientId || !clientSecret) throw new TokenFault("invalid", "the credential has no client secret");
    const url = tokenUrl ?? `${AUTHORITY}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
    const body = new URLSearchParams({
      ...{ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, scope: scopeFor(url) },
    }).toString();
    return tokenIn(await post({ url, headers: [...FORM], body }), { url, secret: clientSecret, reasons: REASONS });
  },
};
