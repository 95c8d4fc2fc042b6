"use client";

import type { Role } from "@tollgate/contracts/role";
import { type Action, reachOf } from "@tollgate/control/authorize";
import { createContext, type ReactNode, useContext } from "react";

export interface Place {
  slug: string;
  role: Role;
  /** IANA zone in which exact times are written. */
  timeZone: string;
  /** Whether to offer another organisation; the server decides. */
  mayFound: boolean;
}

const PlaceContext = createContext<Place>({ slug: "", role: "finance", timeZone: "UTC", mayFound: false });

export const OrganisationProvider = ({ place, children }: { place: Place; children: ReactNode }) => (
  <PlaceContext value={place}>{children}</PlaceContext>
);

/** The organisation on screen. */
export const useOrganisation = (): Place => useContext(PlaceContext);

/** Whether to offer something at all; the verb itself decides. */
export const useMay = (action: Action): boolean => reachOf(useOrganisation().role, action) !== undefined;
