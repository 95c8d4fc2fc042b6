import type { UsageBound } from "@tollgate/catalog/rates";
import { TollgateError } from "@tollgate/contracts/errors";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import type { RawBody } from "../../../body/raw-body.ts";
import { readJson } from "../../../body/read-json.ts";
import { inTurns, LARGE_BYTES, type Lane } from "../../../body/steps.ts";
import { checkInput } from "../../../guardrails/check.ts";
import type { Ports } from "../../../ports.ts";
import { havingObjects, withStoredObjects } from "../../../routing/stored-objects.ts";
import { changedBody } from "../../../wires/changed-body.ts";
import type { Asked, AskedService, Outgoing, RequestTarget } from "../../../wires/wire.ts";
import type { InferenceSurface, ResourceCaller } from "../../surface.ts";
import type { BatchTarget } from "./batch-target.ts";
import { lineBound } from "./line-bound.ts";
import { LineMemory } from "./line-memory.ts";
import { mergedHits } from "./merged-hits.ts";

export interface CheckedLine {
  /** The request as the provider gets it: its name of the model, our output limit, redacted. */
  body: Outgoing["body"];
  /** The most that the line can use. */
  bound: UsageBound;
  /** The region and speed that it asks for. Undefined: none. */
  service: AskedService | undefined;
  /** The name of a field that asks for a service whose price is unknown; null: there is none. */
  unpricedField: string | null;
}

export interface LineCheckOptions {
  surface: InferenceSurface;
  target: RequestTarget;
  /**
   * The target of all lines, by the model that the first one names. `credentialId`: that of the files which the line names; null:
   * none.
   */
  targetOf(model: string, credentialId: string | null): BatchTarget;
  /** The provider stores the lines. Their ids of files are the provider's, and were checked before. */
  isStored?: boolean;
  /** Called with what guardrails found so far, also before a refusal. */
  onHits?(hits: GuardrailHit[]): void;
}

/**
 * Checks the requests of a batch one after the other, each as a call of its own would be: its JSON, its fields, the key's
 * right to the model, guardrails. All of them must name one model. Nothing is sent.
 */
export class LineCheck {
  #hits: GuardrailHit[] = [];
  #first: { name: string; chosen: BatchTarget } | null = null;
  readonly #ports: Ports;
  readonly #caller: ResourceCaller;
  readonly #options: LineCheckOptions;
  readonly #lane: Lane;
  readonly #memory: LineMemory;

  constructor(ports: Ports, caller: ResourceCaller, options: LineCheckOptions) {
    this.#ports = ports;
    this.#caller = caller;
    this.#options = options;
    this.#lane = ports.lanes.of(caller.grant.org.id);
    this.#memory = new LineMemory(caller.exchange.memory);
  }

  /** The target of the lines that were checked. */
  get chosen(): BatchTarget | null {
    return this.#first?.chosen ?? null;
  }

  /** Throws 400, 403, 404 and names the field. */
  async check(bytes: Buffer): Promise<CheckedLine> {
    try {
      return await this.#checked(bytes);
    } finally {
      this.#memory.giveAll();
    }
  }

  async #checked(bytes: Buffer): Promise<CheckedLine> {
    const { surface, target } = this.#options;
    const { wire } = surface;
    const read = await readJson(bytes, this.#memory, this.#lane, wire);
    const asked = wire.read(read.body, target);
    refuseUnfit(asked);
    const named = this.#options.isStored
      ? null
      : await withStoredObjects(this.#ports, this.#caller.grant, wire, { ...read, bytes });
    const stored = named?.stored ?? null;
    const { model, candidate } = this.#targetOf(asked.model, stored?.credentialId ?? null);
    if (stored) havingObjects(stored, [candidate], surface);
    const lane = bytes.length > LARGE_BYTES ? this.#lane : null;
    const { body, raw } = await this.#guarded(named?.body ?? read.body, named?.raw ?? read.raw, lane);
    if (lane) await inTurns(wire.bound.measuring(body), lane);
    const { bound, clampedTokens } = lineBound({ surface, model, candidate, asked, body, bytes: raw.byteLength });
    const { upstreamModel } = candidate.target;
    const { serving } = candidate.way;
    const change = { target, asked, body, raw, upstreamModel, maxOutputTokens: clampedTokens, serving };
    const sent = wire.send({ ...change, continuedId: null }).body;
    return { body: sent, bound, service: asked.service, unpricedField: wire.bound.unpricedField(body) };
  }

  #targetOf(name: string, credentialId: string | null): BatchTarget {
    this.#first ??= { name, chosen: this.#options.targetOf(name, credentialId) };
    if (this.#first.name === name) return this.#first.chosen;
    const message = `model must be ${this.#first.name}, as in the first request: a batch has one model.`;
    throw new TollgateError("invalid_value", message, { param: "model" });
  }

  async #guarded(body: object, raw: RawBody, lane: Lane | null): Promise<{ body: object; raw: RawBody }> {
    const { org } = this.#caller.grant;
    if (org.guardrails.length === 0) return { body, raw };
    const { texts } = this.#options.surface.wire;
    const verdict = await checkInput(this.#ports.guardrails, org, texts, body, lane);
    if (verdict.hits.length > 0) this.#hits = mergedHits(this.#hits, verdict.hits);
    this.#options.onHits?.(this.#hits);
    if (verdict.refusal) throw verdict.refusal;
    return changedBody(verdict.body, body, raw, lane);
  }
}

function refuseUnfit({ stream, continues, restores, service }: Asked): void {
  if (stream)
    throw new TollgateError("invalid_value", "stream must be false: a batch has no streams.", { param: "stream" });
  if (service && service.tier !== null && service.tier !== "batch") {
    const message = `${service.tierField} cannot be named in a batch: batches have a tier of their own.`;
    throw new TollgateError("invalid_value", message, { param: service.tierField });
  }
  if (continues === undefined && restores === undefined) return;
  // The provider would look for the response in the account of all keys.
  const param = continues === undefined && restores?.previous === null ? "input" : "previous_response_id";
  const what = param === "input" ? "item_reference" : param;
  const message = `${what} cannot be used in a batch: send the earlier items in input.`;
  throw new TollgateError("invalid_value", message, { param });
}
