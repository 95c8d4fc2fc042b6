"use client";

import type { Role } from "@tollgate/contracts/role";
import { type Action, reachOf } from "@tollgate/control/authorize";
import { createContext, type ReactNode, useContext } from "react";

export interface Place {
  slug: string;
  role: Role;
  /** IANA zone of exact times. */
  timeZone: string;
  /** Whether to offer the creation of another organisation. The server checks the right. */
  mayCreate: boolean;
}

const PlaceContext = createContext<Place>({ slug: "", role: "finance", timeZone: "UTC", mayCreate: false });

export const OrganisationProvider = ({ place, children }: { place: Place; children: ReactNode }) => (
  <PlaceContext value={place}>{children}</PlaceContext>
);

/** The current organisation. */
export const useOrganisation = (): Place => useContext(PlaceContext);

/** Whether to offer an action. The verb checks the right itself. */
export const useMay = (action: Action): boolean => reachOf(useOrganisation().role, action) !== undefined;
