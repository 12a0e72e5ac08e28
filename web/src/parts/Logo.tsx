/** The mark is drawn in place: wherever it stands, nothing has to be fetched for it. */
export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" width={28} height={28} aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="#16130f" />
        <g fill="none" stroke="#ff7d4d" strokeWidth="3.2" strokeLinecap="round">
          <path d="M9 7v18M9 17l12-10M13 14l10 11" strokeLinejoin="round" />
        </g>
        <circle cx="23.2" cy="7.4" r="2.2" fill="#ffd1a8" />
      </svg>
      Kirin
    </span>
  );
}
