export const ROLES = ["owner", "admin", "developer", "finance"] as const;
export type Role = (typeof ROLES)[number];
