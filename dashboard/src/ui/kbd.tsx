/** Keys to press, as they stand on the keyboard. */
export const Kbd = ({ children }: { children: React.ReactNode }) => (
  <kbd
    dir="ltr"
    className="shrink-0 rounded border border-line bg-canvas px-1.5 py-0.5 font-sans text-[11px] whitespace-nowrap text-quiet"
  >
    {children}
  </kbd>
);
