import type { WireAuditEvent } from "../../workers/audit/contract.ts";
import { When } from "../ui/when.tsx";
import { doneIn, whatIn, whoIn } from "./words.ts";

const fact = (label: string, value: string | null) => (value ? [[label, value] as const] : []);

/** One event, in a sentence; what else is known of it opens below. */
export function EventRow({ event }: { event: WireAuditEvent }) {
  const { actor, resource } = event;
  const what = whatIn(event);
  const facts = [
    ...fact("Number", String(event.seq)),
    ...fact("Time", event.at),
    ...fact("Action", event.action),
    ...fact("Address", event.address),
    ...fact("Browser or program", event.agent),
    ...fact("E-mail", actor.email),
    ...fact("API key", actor.key_id),
    ...fact(resource?.kind ?? "", resource?.id ?? null),
    ...fact("Request", event.request_id),
    ...fact("Details", Object.keys(event.details).length > 0 ? JSON.stringify(event.details) : null),
  ];
  return (
    <li className="border-line border-b last:border-b-0">
      <details className="group">
        <summary className="flex cursor-pointer flex-wrap items-baseline gap-x-2 px-4 py-3 hover:bg-hover">
          <span className="min-w-0 flex-1 basis-60 break-words">
            <span className="font-medium">{whoIn(event)}</span> {doneIn(event)}
            {what && <span className="text-ink-soft"> · {what}</span>}
          </span>
          <span className="text-ink-faint text-sm">
            <When iso={event.at} />
          </span>
        </summary>
        <dl className="grid gap-x-4 gap-y-1 px-4 pb-4 text-sm sm:grid-cols-[10rem_1fr]">
          {facts.map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-ink-soft capitalize">{label}</dt>
              <dd className="min-w-0 break-words font-mono text-xs leading-5">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  );
}
