import { UNITS, wholesOf } from "@tollgate/catalog/units";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import { Counter, type Registry } from "prom-client";

/** Maximum number of models with their own series, because administrators can name any number. The rest are `other`. */
const MODELS_MAX = 200;

interface Use {
  labels: { provider: string; model: string };
  input: number;
  cacheRead: number;
  output: number;
  dollars: number;
  /** Of the units that are no tokens; null: none was used. */
  others: Map<string, number> | null;
}

const OTHERS = wholesOf(UNITS).flatMap(({ id }) => (id === "input" || id === "output" ? [] : [id]));

/** Metrics of tokens and dollars by the provider's model, from usage events. */
export function observeUse(registers: Registry[]): (event: UsageEvent) => void {
  const uses: Use[] = [];
  const byProvider = new Map<string, Map<string, Use>>();

  function useOf(provider: string, model: string): Use {
    const known = byProvider.get(provider)?.get(model);
    if (known) return known;
    if (uses.length >= MODELS_MAX && model !== "other") return useOf("other", "other");
    const use: Use = { labels: { provider, model }, input: 0, cacheRead: 0, output: 0, dollars: 0, others: null };
    uses.push(use);
    const models = byProvider.get(provider) ?? new Map<string, Use>();
    byProvider.set(provider, models.set(model, use));
    return use;
  }

  new Counter({
    name: "tollgate_tokens_total",
    help: "Tokens by the provider's model; input includes cache_read.",
    labelNames: ["provider", "model", "type"],
    registers,
    collect() {
      this.reset();
      for (const { labels, input, cacheRead, output } of uses) {
        this.inc({ ...labels, type: "input" }, input);
        this.inc({ ...labels, type: "cache_read" }, cacheRead);
        this.inc({ ...labels, type: "output" }, output);
      }
    },
  });
  new Counter({
    name: "tollgate_units_total",
    help: "Images, seconds of audio, characters and searches by the provider's model.",
    labelNames: ["provider", "model", "unit"],
    registers,
    collect() {
      this.reset();
      for (const { labels, others } of uses) {
        for (const [unit, amount] of others ?? []) this.inc({ ...labels, unit }, amount);
      }
    },
  });
  new Counter({
    name: "tollgate_cost_dollars_total",
    help: "Dollars by the provider's model; calls of unknown price add nothing.",
    labelNames: ["provider", "model"],
    registers,
    collect() {
      this.reset();
      for (const { labels, dollars } of uses) this.inc(labels, dollars);
    },
  });

  return ({ provider, upstreamModel, use: used, costNano }) => {
    if (!provider || !upstreamModel) return;
    const use = useOf(provider, upstreamModel);
    use.input += used.input;
    use.cacheRead += used.cacheRead ?? 0;
    use.output += used.output;
    for (const unit of OTHERS) {
      const amount = used[unit];
      if (!amount) continue;
      use.others ??= new Map();
      use.others.set(unit, (use.others.get(unit) ?? 0) + amount);
    }
    use.dollars += Number(costNano ?? 0) / 1e9;
  };
}
