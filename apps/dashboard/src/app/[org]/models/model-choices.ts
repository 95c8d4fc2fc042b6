/** A credential that a target can use. */
export interface CredentialChoice {
  id: string;
  name: string;
  provider: string;
}

/** The choices for a target. */
export interface ModelChoices {
  /** The credential of a new target. Null: the organisation has none. */
  first: CredentialChoice | null;
}
