import type { ConversationSettings } from "../../../client/conversation-settings.ts";
import { Notice } from "../../ui/notice.tsx";
import { whenNeeded } from "../../ui/when-needed.tsx";
import { ModelBadge } from "../settings/model-badge.tsx";
import { ModelMenu } from "../settings/model-menu.tsx";
import { SettingsButton } from "../settings/settings-button.tsx";
import { Composer } from "./composer.tsx";
import type { Asking, Room } from "./use-room.ts";

const InsteadButton = whenNeeded(async () => (await import("./instead-button.tsx")).InsteadButton);

interface FootProps {
  room: Room;
  asking: Asking;
  /** What is asked of whom. */
  label: string;
}

/** For a person of the workspace: asks, also while an answer is written, chooses models and settles how they are asked. */
export function PersonsFoot({ onSettings, ...foot }: FootProps & { onSettings: (() => void) | undefined }) {
  const { session, settings, setSettings, model, how, setHow, boundByClone, branch } = foot.room;
  const bound = boundByClone
    ? "Not asked: this clone stays on own machines."
    : branch.some(({ privacy }) => privacy === "own")
      ? "Not asked: what follows an answer that stayed on own machines stays there, too."
      : null;
  const boundHere =
    bound ?? (settings.privacy === "own" ? "Not asked: this conversation stays on own machines." : null);
  const isComparing = how.models.length > 1;
  const configure = async (next: ConversationSettings) => {
    await session.configure(next);
    setSettings(next);
    onSettings?.();
  };
  return (
    <>
      <Asker
        {...foot}
        onQueue={isComparing ? undefined : foot.asking.queue}
        mustWait={isComparing ? "Models are compared when no answer is being written." : null}
      />
      <div className="mt-1.5 flex min-w-0 items-center justify-center gap-1">
        <ModelMenu how={how} onChoose={setHow} usual={model} bound={boundHere} />
        <SettingsButton settings={settings} bound={bound} onSave={configure} />
      </div>
    </>
  );
}

/** For a visitor of a public page: asks one question at a time, of the model that the clone answers by. */
export function VisitorsFoot(foot: FootProps) {
  const { branch, model } = foot.room;
  return (
    <>
      <Asker {...foot} />
      {branch.length > 0 && (
        <div className="mt-2 flex justify-center">
          <ModelBadge model={model} />
        </div>
      )}
    </>
  );
}

/** For whoever may read but not ask. */
export function OnlookersFoot() {
  return <Notice tone="info">You look on here. Ask an owner or admin of the workspace for a role that may ask.</Notice>;
}

interface AskerProps extends FootProps {
  onQueue?: ((question: string) => Promise<void>) | undefined;
  mustWait?: string | null;
}

function Asker({ room, asking, label, onQueue, mustWait = null }: AskerProps) {
  const { state, draft, setDraft, input } = room;
  const instead = state.live?.phase === "stopping" ? null : state.live?.place?.instead;
  return (
    <>
      {instead && <InsteadButton instead={instead} onAsk={asking.fallBack} />}
      <Composer
        text={draft}
        onText={setDraft}
        label={label}
        running={state.live !== null}
        stopping={state.live?.phase === "stopping"}
        inputRef={input}
        onSend={asking.ask}
        onQueue={onQueue}
        mustWait={mustWait}
        onStop={asking.stop}
      />
    </>
  );
}
