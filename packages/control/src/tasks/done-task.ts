/** A task that a proxy has done. */
export interface DoneTask {
  orgId: string;
  credentialId: string;
  /** What it was asked with. */
  input: unknown;
}
