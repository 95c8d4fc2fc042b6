import { createLoader, parseAsStringLiteral } from "nuqs/server";

export const PERIODS = ["1h", "24h", "7d", "30d"] as const;
export type Period = (typeof PERIODS)[number];

export const HOURS: Record<Period, number> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };

export const periodParams = { period: parseAsStringLiteral(PERIODS).withDefault("24h") };
export const readPeriod = createLoader(periodParams);
