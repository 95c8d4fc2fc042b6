import { providerById } from "@tollgate/catalog/providers";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, cutAfter, raw, reset, splintered, status } from "@tollgate/testkit/provider-behaviour";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
