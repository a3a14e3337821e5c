/** The numbers of a text's lines, with a mark at those that have a mistake; in words the mistakes stand below. */

/** What the text beside them is set in. */
export const LINE_PX = 20;
export const TOP_PX = 7;

interface Props {
  lines: number;
  wrong: ReadonlySet<number>;
  /** How far the text is scrolled, in pixels. */
  scrolled: number;
}

export function Gutter({ lines, wrong, scrolled }: Props) {
  return (
    <div aria-hidden className="gutter" style={{ transform: `translateY(${TOP_PX - scrolled}px)` }}>
      {Array.from({ length: lines }, (_, place) => place + 1).map((line) => (
        <div key={line} className={wrong.has(line) ? "wrong" : undefined}>
          {wrong.has(line) ? `● ${line}` : line}
        </div>
      ))}
    </div>
  );
}
