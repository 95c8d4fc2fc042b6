import type { Provider } from "../provider.ts";

export const BEDROCK: Provider = {
  id: "bedrock",
  name: "AWS Bedrock",
  defaultBaseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
  auth: "bearer",
  authName: "Bedrock API key",
  credential: [
    { name: "region", label: "Region", hint: "us-east-1", isOptional: false, isOnlyInUrl: true },
    { name: "secret", label: "API key", hint: "ABSK…", isOptional: false },
  ],
  // The path has the model, so it cannot be the end of a base URL.
  serves: { "bedrock-converse": { path: "" } },
  test: { path: "/async-invoke?maxResults=1", provesSecret: true },
  // Another host has the list of models. A credential goes only to the host that it was stored for.
  list: null,
  priceProviderId: "aws",
};
