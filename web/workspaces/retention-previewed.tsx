import type { RetentionPreview } from "../../workers/personal-data/retention-contract.ts";
import { Notice } from "../ui/notice.tsx";

const day = (iso: string) =>
  new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const conversations = (count: number) =>
  count === 1 ? "1 conversation" : `${count.toLocaleString("en")} conversations`;

/** What a setting would delete today. */
export function RetentionPreviewed({ preview: { members, visitors, pinned } }: { preview: RetentionPreview }) {
  const count = members.conversations + visitors.conversations;
  const oldest = [
    ...members.oldest.map((each) => ({ ...each, whose: "A member’s" })),
    ...visitors.oldest.map((each) => ({ ...each, whose: "A visitor’s" })),
  ].sort((one, other) => one.last_active_at.localeCompare(other.last_active_at));
  const [first] = oldest;
  const kept =
    pinned > 0 ? ` ${conversations(pinned)} would stay, as ${pinned === 1 ? "it is" : "they are"} pinned.` : "";
  if (!first) return <Notice tone="info">No conversation would be deleted today.{kept}</Notice>;
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="warn">
        {conversations(count)} would be deleted, {count === 1 ? "last used on" : "the oldest from"}{" "}
        {day(first.last_active_at)}.{kept}
      </Notice>
      <ul aria-label="The oldest of them" className="divide-y divide-line text-sm">
        {oldest.slice(0, 5).map((each) => (
          <li key={each.id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
            <span className="min-w-0 [overflow-wrap:anywhere]">{each.title}</span>
            <span className="text-ink-faint">
              {each.whose}, {day(each.last_active_at)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
