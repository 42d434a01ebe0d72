import { DownloadIcon } from "@primer/octicons-react";
import type { WireEntry } from "../../workers/wallet/contract.ts";
import { ButtonLink } from "../ui/button.tsx";
import { ShowOlder } from "../ui/show-older.tsx";
import { type ListPage, useOlder } from "../use-older.ts";
import { Section } from "../workspaces/section.tsx";
import { EntryRow } from "./entry-row.tsx";
import type { CloneNames } from "./entry-words.ts";

/** So many entries are shown at once. */
export const entriesAtOnce = 30;

/** What was done with the wallet, the newest first. */
export function Entries({ first, names }: { first: ListPage<WireEntry>; names: CloneNames }) {
  const older = useOlder(first, (cursor) => `/wallet/entries?limit=${entriesAtOnce}&cursor=${cursor}`);
  return (
    <Section title="What was done" lead="What is spent, bought and given adds up to what is available.">
      {older.items.length === 0 ? (
        <p className="text-ink-soft text-sm">
          Nothing yet. Each answer that is paid for is told here, with its receipt.
        </p>
      ) : (
        <>
          <ButtonLink to="/api/v1/wallet/entries?format=csv" size="small" reloadDocument download>
            <DownloadIcon /> CSV
          </ButtonLink>
          <ul aria-label="Entries" className="-mx-5 mt-4 border-line border-t sm:-mx-7">
            {older.items.map((entry) => (
              <EntryRow key={entry.id} entry={entry} names={names} />
            ))}
          </ul>
          <ShowOlder older={older} label="Show older" />
        </>
      )}
    </Section>
  );
}
