/** So much of a text tells in which markup it is. */
const length = 4_096;

/** The beginning of a text without the comments and white space that may stand before its first element. */
export function beginningOf(text: string): string {
  const head = text.slice(0, length);
  let kept = "";
  let from = 0;
  // By hand, each character once: an expression for comments tries every one that is not closed up to the end.
  for (;;) {
    const start = head.indexOf("<!--", from);
    const end = start < 0 ? -1 : head.indexOf("-->", start + 4);
    if (end < 0) return (kept + head.slice(from)).trimStart();
    kept += head.slice(from, start);
    from = end + 3;
  }
}
