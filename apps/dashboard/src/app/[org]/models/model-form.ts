import type { Model } from "@tollgate/control/models/schemas";
import type { CredentialChoice } from "./model-choices.ts";
import { type TimeoutsForm, timeoutsForm, timeoutsInput } from "./timeouts-form.ts";

export interface TargetForm {
  /** A key for React, since rows can move. */
  key: string;
  credential: CredentialChoice | null;
  upstreamModel: string;
  /** Empty: the upstream name is the model's. */
  baseModel: string;
  priority: string;
  weight: string;
  timeouts: TimeoutsForm;
}

export interface ModelForm {
  name: string;
  route: "priority" | "weighted";
  cacheTtlSeconds: string;
  maxOutputTokens: string;
  timeouts: TimeoutsForm;
  fallsBackOnRefusal: boolean;
  targets: TargetForm[];
}

let made = 0;

export const emptyTarget = (credential: CredentialChoice | null, priority: number): TargetForm => ({
  key: `target-${made++}`,
  credential,
  upstreamModel: "",
  baseModel: "",
  priority: String(priority),
  weight: "1",
  timeouts: timeoutsForm(),
});

export const emptyForm = (credential: CredentialChoice | null): ModelForm => ({
  name: "",
  route: "priority",
  cacheTtlSeconds: "0",
  maxOutputTokens: "",
  timeouts: timeoutsForm(),
  fallsBackOnRefusal: false,
  targets: [emptyTarget(credential, 0)],
});

export const formOf = (model: Model): ModelForm => ({
  name: model.name,
  route: model.route,
  cacheTtlSeconds: String(model.cacheTtlSeconds),
  maxOutputTokens: model.maxOutputTokens === null ? "" : String(model.maxOutputTokens),
  timeouts: timeoutsForm(model.timeouts),
  fallsBackOnRefusal: model.fallsBackOnRefusal,
  targets: model.targets.map(({ credentialId: id, credentialName: name, provider, ...target }) => ({
    ...emptyTarget({ id, name, provider }, target.priority),
    upstreamModel: target.upstreamModel,
    baseModel: target.baseModel ?? "",
    weight: String(target.weight),
    timeouts: timeoutsForm(target.timeouts),
  })),
});

/** The input of the verb. Text that is not a number is sent unchanged: the verb returns the error. */
export const inputOf = ({
  name,
  route,
  cacheTtlSeconds,
  maxOutputTokens,
  timeouts,
  fallsBackOnRefusal,
  targets,
}: ModelForm) => ({
  name: name || (targets[0]?.upstreamModel ?? ""),
  route,
  cacheTtlSeconds: Number(cacheTtlSeconds || 0),
  maxOutputTokens: maxOutputTokens.trim() === "" ? null : Number(maxOutputTokens),
  timeouts: timeoutsInput(timeouts),
  fallsBackOnRefusal,
  targets: targets.map(({ credential, upstreamModel, baseModel, priority, weight, timeouts }) => ({
    credentialId: credential?.id ?? "",
    upstreamModel,
    baseModel: baseModel.trim() || null,
    priority: Number(priority),
    weight: Number(weight),
    timeouts: timeoutsInput(timeouts),
  })),
});
