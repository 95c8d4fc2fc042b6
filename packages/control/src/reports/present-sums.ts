import { usdString } from "@tollgate/contracts/money";
import type { RawSums } from "../rollups/sums.ts";
import type { Sums } from "./schemas.ts";

export const presentSums = ({ costNano, ...counts }: RawSums): Sums => ({ costUsd: usdString(costNano), ...counts });
