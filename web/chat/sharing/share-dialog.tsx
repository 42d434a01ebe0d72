import { LinkIcon, PeopleIcon, TrashIcon } from "@primer/octicons-react";
import { useEffect, useState } from "react";
import { callApi, readApi } from "../../../client/call-api.ts";
import type { Conversation } from "../../../workers/chat/contract.ts";
import type { Share } from "../../../workers/chat/share-contract.ts";
import { useRootData } from "../../root-data.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog/dialog.tsx";
import { NewLink } from "../../ui/new-link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { When } from "../../ui/when.tsx";
import { useAttempt } from "../../use-attempt.ts";

type Made = Share & { url: string };

const names = { link: "Whoever has the link", members: "Everybody in the workspace" };

/** Who else may read a conversation: what is shared already, and two ways to share it. */
export function ShareDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const path = `/conversations/${conversation.id}/shares`;
  const root = useRootData();
  const isTeam = root?.workspaces.find(({ id }) => id === root.workspaceId)?.kind === "team";
  const [shares, setShares] = useState<readonly Share[] | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const { busy, problem, attempt } = useAttempt();
  const load = async () => setShares((await readApi<{ data: Share[] }>(path)).data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is read once for a conversation
  useEffect(() => void attempt(load), [path]);
  const share = (kind: Share["kind"]) =>
    attempt(async () => {
      setMade(await readApi<Made>(path, { method: "POST", json: { kind } }));
      await load();
    });
  const end = (id: string) =>
    attempt(async () => {
      await callApi(`${path}/${id}`, { method: "DELETE" });
      if (made?.id === id) setMade(null);
      await load();
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Share"
      description="Others read it and change nothing. The passages that answers quote are part of what they read."
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap gap-2">
          <Button busy={busy} look="primary" onClick={() => void share("link")}>
            <LinkIcon /> Make a link
          </Button>
          {isTeam && (
            <Button busy={busy} onClick={() => void share("members")}>
              <PeopleIcon /> Share with the workspace
            </Button>
          )}
        </div>
        {problem && <Notice tone="danger">{problem.detail}</Notice>}
        {made && (
          <NewLink url={made.url}>
            {made.kind === "link"
              ? "Shows the conversation as it is now. The link is shown this once."
              : "Everybody in the workspace can follow it."}
          </NewLink>
        )}
        {shares && shares.length > 0 && (
          <ul aria-label="Shared with" className="divide-y divide-line border-line border-t">
            {shares.map(({ id, kind, created_at }) => (
              <li key={id} className="flex items-center gap-3 py-2.5">
                <span className="min-w-0 flex-1">
                  <span className="block">{names[kind]}</span>
                  <span className="block text-ink-faint text-sm">
                    since <When iso={created_at} />
                  </span>
                </span>
                <IconButton label={`End sharing with: ${names[kind].toLowerCase()}`} onClick={() => void end(id)}>
                  <TrashIcon />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
