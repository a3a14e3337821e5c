/** The line's sign: a voice. */
export function Logo({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#0d6e66" />
      <path
        d="M7 17c2.2 0 2.2-5 4.4-5s2.3 9 4.6 9 2.3-11 4.6-11S22.8 17 25 17"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
