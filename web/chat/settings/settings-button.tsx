import { SlidersIcon } from "@primer/octicons-react";
import { useEffect, useState } from "react";
import { type ConversationSettings, isUsual, usualSettings } from "../../../client/conversation-settings.ts";
import { IconButton } from "../../ui/button.tsx";
import { cx } from "../../ui/class-names.ts";
import { whenNeeded } from "../../ui/when-needed.tsx";

const SettingsDialog = whenNeeded(async () => (await import("./settings-dialog.tsx")).SettingsDialog);

/** A room's settings: those that were loaded, until they are changed here. */
export function useSettings(loaded: ConversationSettings = usualSettings) {
  const [settings, setSettings] = useState(loaded);
  const fresh = JSON.stringify(loaded);
  // What was changed elsewhere on the page comes with the next load.
  useEffect(() => setSettings(JSON.parse(fresh)), [fresh]);
  return [settings, setSettings] as const;
}

interface SettingsButtonProps {
  settings: ConversationSettings;
  /** Why clouds are out of the question, whatever is set here; null where they are not. */
  bound: string | null;
  onSave: (settings: ConversationSettings) => Promise<void>;
}

/** Opens the settings of the conversation that is shown; a dot tells that some are set. */
export function SettingsButton({ settings, bound, onSave }: SettingsButtonProps) {
  const [open, setOpen] = useState(false);
  const isSet = !isUsual(settings);
  return (
    <>
      <IconButton
        label={isSet ? "Conversation settings, changed" : "Conversation settings"}
        onClick={() => setOpen(true)}
        className="relative"
      >
        <SlidersIcon size={14} />
        <span className={cx("absolute end-1 top-1 size-1.5 rounded-full bg-accent", !isSet && "hidden")} />
      </IconButton>
      {open && <SettingsDialog settings={settings} bound={bound} onSave={onSave} onClose={() => setOpen(false)} />}
    </>
  );
}
