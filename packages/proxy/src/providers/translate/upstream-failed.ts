import type { UpstreamFault } from "../../upstream-fault.ts";

/** Carries an `UpstreamFault` through a library that uses `fetch`. */
export class UpstreamFailed extends Error {
  override readonly name = "UpstreamFailed";
  readonly fault: UpstreamFault;

  constructor(fault: UpstreamFault) {
    super(fault.internal);
    this.fault = fault;
  }
}

export const malformed = (internal: string): UpstreamFailed => new UpstreamFailed({ kind: "malformed", internal });
