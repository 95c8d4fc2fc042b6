import type { CredentialField } from "../credential-field.ts";
import type { Provider } from "../provider.ts";

const REGION: CredentialField = { name: "region", label: "Region", hint: "us-east-1", isOptional: false };

export const BEDROCK: Provider = {
  id: "bedrock",
  name: "AWS Bedrock",
  defaultBaseUrl: "https://bedrock-runtime.{region}.amazonaws.com",
  auth: "bearer",
  authName: "Bedrock API key",
  credential: [
    { ...REGION, isOnlyInUrl: true },
    { name: "secret", label: "API key", hint: "ABSK…", isOptional: false },
  ],
  alternatives: [
    {
      auth: "sigv4",
      name: "AWS access key, also for a role",
      credential: [
        REGION,
        { name: "accessKeyId", label: "Access key ID", hint: "AKIAIOSFODNN7EXAMPLE", isOptional: false },
        { name: "secretAccessKey", label: "Secret access key", hint: "wJalrXUtnFEMI/K7MDENG/…", isOptional: false },
        { name: "sessionToken", label: "Session token", hint: "Only for temporary keys", isOptional: true },
        {
          ...{ name: "roleArn", label: "ARN of a role to assume", isOptional: true },
          hint: "arn:aws:iam::123456789012:role/tollgate",
        },
        { name: "externalId", label: "External ID", hint: "If the role requires one", isOptional: true },
        {
          ...{ name: "tokenUrl", label: "URL of the token service", isOptional: true },
          hint: "https://sts.us-east-1.amazonaws.com/",
        },
      ],
    },
  ],
  // The path has the model, so it cannot be the end of a base URL.
  serves: {
    "bedrock-converse": { path: "" },
    "bedrock-embed": { path: "/model/{model}/invoke" },
    "bedrock-rerank": { path: "/model/{model}/invoke" },
  },
  // A list of jobs. The list of models is at another host, where the credential must not be sent.
  test: {
    path: "/async-invoke?maxResults=1",
    provesSecret: true,
    meanings: [
      // The key is right. It needs no right to list jobs.
      ["not authorized to perform: bedrock:ListAsyncInvokes", "works"],
      ["Signature expired", "wrong_clock"],
      ["Signature not yet current", "wrong_clock"],
      ["scoped to a valid region", "wrong_region"],
      ["security token included in the request is", "wrong_secret"],
      ["request signature we calculated does not match", "wrong_secret"],
      ["API Key", "wrong_secret"],
      ["Authentication failed", "wrong_secret"],
      ["Bearer Token has expired", "wrong_secret"],
    ],
  },
  list: null,
  priceProviderId: "aws",
};
