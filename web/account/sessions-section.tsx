import { DeviceDesktopIcon } from "@primer/octicons-react";
import type { SessionEntry } from "../../workers/accounts/contract.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/class-names.ts";
import { When } from "../ui/when.tsx";
import { OutcomeNotice } from "./outcome-notice.tsx";
import { Section } from "./section.tsx";
import { useOutcome } from "./use-outcome.ts";

export function SessionsSection({ sessions }: { sessions: SessionEntry[] }) {
  const all = useOutcome("sessions");
  const one = useOutcome("session");
  return (
    <Section title="Where you are signed in" lead="Sign out what you do not recognise, and choose a new password.">
      <OutcomeNotice outcome={one.outcome ?? all.outcome} />
      <ul
        className={cx(
          "-mx-5 divide-y divide-line border-line border-t sm:-mx-7",
          sessions.length > 1 ? "border-b" : "-mb-5 sm:-mb-7",
        )}
      >
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-3 px-5 py-3.5 sm:px-7">
            <DeviceDesktopIcon className="shrink-0 text-ink-soft" />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium">
                {session.device} {session.current && <Badge tone="good">This device</Badge>}
              </p>
              <p className="text-ink-soft text-sm [overflow-wrap:anywhere]">
                Used <When iso={session.last_used_at} />, signed in <When iso={session.created_at} />
                {session.ip_address && ` from ${session.ip_address}`}
              </p>
            </div>
            {!session.current && (
              <one.Form method="post">
                <input type="hidden" name="intent" value="session" />
                <input type="hidden" name="id" value={session.id} />
                <Button type="submit" size="small" busy={one.busy} aria-label={`Sign out ${session.device}`}>
                  Sign out
                </Button>
              </one.Form>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <all.Form method="post">
          <input type="hidden" name="intent" value="sessions" />
          <Button type="submit" look="danger" busy={all.busy}>
            Sign out everywhere else
          </Button>
        </all.Form>
      )}
    </Section>
  );
}
