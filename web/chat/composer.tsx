import { ArrowUpIcon, SquareFillIcon } from "@primer/octicons-react";
import { type FormEvent, type KeyboardEvent, type Ref, useId } from "react";

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
  onStop: () => void;
}

/** Where the person writes. While an answer runs, the next question can be written but not sent. */
export function Composer({ text, onText, label, running, stopping, inputRef, onSend, onStop }: ComposerProps) {
  const hint = useId();
  const tooLong = text.length > longest;
  const ready = text.trim() !== "" && !running && !tooLong;
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready) return;
    onSend(text.trim());
    onText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
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
        {running ? (
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
        ) : (
          <button
            type="submit"
            disabled={!ready}
            aria-label="Send"
            title="Send"
            className="inline-flex size-10 shrink-0 items-center justify-center rounded-xl bg-accent text-on-accent transition-colors hover:bg-accent-strong disabled:bg-hover disabled:text-ink-faint"
          >
            <ArrowUpIcon size={20} />
          </button>
        )}
      </div>
      <p id={hint} className={tooLong ? "mt-1.5 px-1 text-danger text-sm" : "sr-only"}>
        {tooLong
          ? `That is ${(text.length - longest).toLocaleString("en")} characters too long.`
          : "Enter sends, Shift and Enter starts a new line."}
      </p>
    </form>
  );
}
