/** What a field of a credential may contain. */
export interface FieldRule {
  /** It is only in the sealed box. Otherwise it is a setting: sealed too, so that nobody else can change it, and shown. */
  isSecret: boolean;
  pattern: RegExp;
  charsMax: number;
  /** What is wrong with a value that does not match the pattern. */
  wrong: string;
  /** The value is a URL: the proxy calls it. */
  isUrl?: boolean;
}

const LINE: Omit<FieldRule, "isSecret"> = {
  pattern: /^[!-~]+$/,
  charsMax: 4_096,
  wrong: "must be one line without spaces or special characters",
};
const setting = (pattern: RegExp, wrong: string, charsMax = 200): FieldRule => ({
  ...{ isSecret: false, pattern, charsMax, wrong },
});

/**
 * All fields that a credential can have, with the names they have in the API. A setting that becomes a part of a URL has
 * no character that could end a host name or a path segment.
 */
export const FIELD_RULES = {
  /** An API key. */
  secret: { isSecret: true, ...LINE },
  clientSecret: { isSecret: true, ...LINE },
  /** The JSON key file of a Google service account. */
  serviceAccount: {
    isSecret: true,
    pattern: /^\{[\s\S]*\}$/,
    charsMax: 8_192,
    wrong: "must be the JSON of a key file",
  },
  secretAccessKey: { isSecret: true, ...LINE },
  sessionToken: { isSecret: true, ...LINE },
  accessKeyId: setting(/^[A-Z0-9]{16,128}$/, "must be 16 or more capital letters and digits"),
  roleArn: setting(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    "must look like arn:aws:iam::123456789012:role/name",
    600,
  ),
  externalId: setting(/^[\w+=,.@:/-]{2,}$/, "must be at least 2 letters, digits or one of + = , . @ : / -", 1_224),
  tenantId: setting(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, "must be the id or the domain of a directory"),
  clientId: setting(/^[A-Za-z0-9][A-Za-z0-9-]*$/, "must be the id of an application"),
  resource: setting(/^[A-Za-z0-9][A-Za-z0-9-]*$/, "only letters, digits and -", 64),
  region: setting(/^[a-z0-9][a-z0-9-]*$/, "must look like us-east-1", 40),
  project: setting(/^[a-z0-9][a-z0-9.:-]*$/, "must be the id of a project", 100),
  apiVersion: setting(/^\d{4}-\d\d-\d\d(?:-preview)?$/, "must look like 2024-10-21"),
  /** Where a token is got, if not at the address of the provider's row. */
  tokenUrl: { ...setting(/^https?:\/\/[!-~]+$/, "must be a URL", 500), isUrl: true },
} as const satisfies Record<string, FieldRule>;

export type CredentialFieldName = keyof typeof FIELD_RULES;

export const CREDENTIAL_FIELDS = Object.keys(FIELD_RULES) as CredentialFieldName[];

export const ruleOf = (name: CredentialFieldName): FieldRule => FIELD_RULES[name];

/** One field of a credential. The form, and what is required of a request, are made from it. */
export interface CredentialField {
  name: CredentialFieldName;
  label: string;
  /** An example of the value, for a placeholder. */
  hint: string;
  /** Self-hosted servers often need no secret. */
  isOptional: boolean;
  /** It is a part of the default base URL only, so it is not needed with another base URL. */
  isOnlyInUrl?: boolean;
}
