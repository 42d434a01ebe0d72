import type { QrCode } from "./security-actions.ts";

/** Dark on light in both themes: cameras expect it so. */
export function QrImage({ code: { size, path }, label }: { code: QrCode; label: string }) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-48 shrink-0 self-center rounded-xl border border-line bg-white sm:self-start"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
