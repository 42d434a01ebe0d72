import { InfoIcon } from "@primer/octicons-react";
import type { Document } from "../../workers/knowledge/contract.ts";

/** What of a document was not read, and why; nothing where all was. One reason is told at once, several when they are asked for. */
export function LeftOut({ leftOut: { count, notes } }: { leftOut: Document["left_out"] }) {
  const [first] = notes;
  if (!first) return null;
  if (notes.length === 1)
    return (
      <p className="mt-1.5 flex gap-1.5 text-ink-soft text-xs [overflow-wrap:anywhere]">
        <InfoIcon size={12} className="mt-0.5 shrink-0" />
        <span>
          Not read: <span className="font-medium">{first.what}</span>. {first.reason}
        </span>
      </p>
    );
  return (
    <details className="group mt-1.5 text-ink-soft text-xs [overflow-wrap:anywhere]">
      <summary className="flex w-fit cursor-pointer select-none gap-1.5 marker:content-none hover:text-ink">
        <InfoIcon size={12} className="mt-0.5 shrink-0" />
        <span>
          {count.toLocaleString("en")} things were not read.{" "}
          <span className="underline group-open:hidden">Show them</span>
          <span className="hidden underline group-open:inline">Hide them</span>
        </span>
      </summary>
      <ul className="mt-1 ms-4.5 flex flex-col gap-1">
        {notes.map(({ what, reason }) => (
          <li key={reason}>
            <span className="font-medium">{what}</span>: {reason}
          </li>
        ))}
      </ul>
    </details>
  );
}
