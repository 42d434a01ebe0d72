import { ArrowUpIcon, SquareFillIcon } from "@primer/octicons-react";
import { type FormEvent, type KeyboardEvent, type Ref, useId, useState } from "react";

const longest = 32_000;

interface ComposerProps {
  text: string;
  onText: (text: string) => void;
  /** What is asked of whom; shown as the placeholder where it is short. */
  label: string;
  running: boolean;
  stopping: boolean;
  inputRef: Ref<HTMLTextAreaElement>;
  onSend: (text: string) => void;
  /** Lets a question wait while an answer runs. Left out where none may. Rejects where it could not be kept. */
  onQueue?: ((text: string) => Promise<void>) | undefined;
  /** Why a question cannot wait, for whoever writes one while an answer runs; null where that goes without saying. */
  mustWait?: string | null;
  onStop: () => void;
}

/** Where the person writes. While an answer runs, the next question can be written, and waits for its turn. */
export function Composer(props: ComposerProps) {
  const { text, onText, label, running, stopping, inputRef, onSend, onQueue, mustWait = null, onStop } = props;
  const hint = useId();
  const [queueing, setQueueing] = useState(false);
  const tooLong = text.length > longest;
  const ready = text.trim() !== "" && !tooLong && !queueing && (!running || onQueue !== undefined);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    if (running) {
      setQueueing(true);
      // What could not be kept stays where it was written.
      const isKept = await onQueue?.(text.trim()).then(
        () => true,
        () => false,
      );
      setQueueing(false);
      if (!isKept) return;
    } else onSend(text.trim());
    onText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    void send();
  };
  return (
    <form onSubmit={send}>
      <div className="flex items-end gap-2 rounded-2xl border border-line-strong bg-surface p-1.5 ps-4 shadow-card transition-colors focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <textarea
          ref={inputRef}
          rows={1}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder={label.length > 30 ? "Ask a question…" : `${label}…`}
          aria-label={label}
          aria-describedby={hint}
          aria-invalid={tooLong || undefined}
          dir="auto"
          enterKeyHint="send"
          className="field-sizing-content max-h-48 min-h-10 min-w-0 flex-1 resize-none bg-transparent py-2 outline-none placeholder:text-ink-faint"
        />
        {running && (
          <button
            type="button"
            onClick={onStop}
            disabled={stopping}
            aria-label="Stop the answer"
            title="Stop the answer"
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-xl bg-ink text-canvas transition-opacity hover:opacity-85 disabled:opacity-50"
          >
            <SquareFillIcon />
          </button>
        )}
        {(!running || (onQueue && text.trim() !== "")) && (
          <button
            type="submit"
            disabled={!ready}
            aria-label={running ? "Ask next" : "Send"}
            title={running ? "Ask next" : "Send"}
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-xl bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-hover disabled:text-ink-faint"
          >
            <ArrowUpIcon size={20} />
          </button>
        )}
      </div>
      {running && mustWait !== null && text.trim() !== "" && (
        <p role="status" className="mt-1.5 px-1 text-ink-soft text-sm">
          {mustWait}
        </p>
      )}
      <p id={hint} className={tooLong ? "mt-1.5 px-1 text-danger text-sm" : "sr-only"}>
        {tooLong
          ? `That is ${(text.length - longest).toLocaleString("en")} characters too long.`
          : "Enter sends, Shift and Enter starts a new line."}
      </p>
    </form>
  );
}
