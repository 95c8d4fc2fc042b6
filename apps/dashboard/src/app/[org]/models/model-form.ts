import type { Model } from "@tollgate/control/models/schemas";

export interface TargetForm {
  /** A key for React, since rows can move. */
  key: string;
  credentialId: string;
  upstreamModel: string;
  priority: string;
  weight: string;
}

export interface ModelForm {
  name: string;
  route: "priority" | "weighted";
  cacheTtlSeconds: string;
  maxOutputTokens: string;
  targets: TargetForm[];
}

let made = 0;

export const emptyTarget = (credentialId: string, priority: number): TargetForm => ({
  key: `target-${made++}`,
  credentialId,
  upstreamModel: "",
  priority: String(priority),
  weight: "1",
});

export const emptyForm = (credentialId: string): ModelForm => ({
  name: "",
  route: "priority",
  cacheTtlSeconds: "0",
  maxOutputTokens: "",
  targets: [emptyTarget(credentialId, 0)],
});

export const formOf = (model: Model): ModelForm => ({
  name: model.name,
  route: model.route,
  cacheTtlSeconds: String(model.cacheTtlSeconds),
  maxOutputTokens: model.maxOutputTokens === null ? "" : String(model.maxOutputTokens),
  targets: model.targets.map((target) => ({
    ...emptyTarget(target.credentialId, target.priority),
    upstreamModel: target.upstreamModel,
    weight: String(target.weight),
  })),
});

/** The input of the verb. Text that is not a number is sent unchanged: the verb returns the error. */
export const inputOf = ({ name, route, cacheTtlSeconds, maxOutputTokens, targets }: ModelForm) => ({
  name: name || (targets[0]?.upstreamModel ?? ""),
  route,
  cacheTtlSeconds: Number(cacheTtlSeconds || 0),
  maxOutputTokens: maxOutputTokens.trim() === "" ? null : Number(maxOutputTokens),
  targets: targets.map(({ credentialId, upstreamModel, priority, weight }) => ({
    credentialId,
    upstreamModel,
    priority: Number(priority),
    weight: Number(weight),
  })),
});
