/** The logo: a raised barrier. */
export const Logo = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 24 24" className={className} role="img" aria-label="Tollgate">
    <rect x="3.5" y="8" width="4" height="13" rx="1.2" fill="currentColor" />
    <path d="M6.2 9.6 20.2 3.2" stroke="var(--brand)" strokeWidth="3.4" strokeLinecap="round" />
    <path d="m10.4 7.7 2.2-1M15.6 5.3l2-.9" stroke="currentColor" strokeWidth="3.4" />
  </svg>
);
