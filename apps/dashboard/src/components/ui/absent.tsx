/** Shown if a row has no value. */
export const Absent = ({ children = "–" }: { children?: string }) => <span className="text-faint">{children}</span>;
