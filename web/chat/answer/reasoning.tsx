import { ChevronRightIcon, LightBulbIcon } from "@primer/octicons-react";
import { memo, useEffect, useRef, useState } from "react";
import { amount } from "./place-in-line.ts";

/** For how many seconds this page saw the model think; null while it does, and of thoughts that were there before. */
function useSecondsSeen(isThinking: boolean): number | null {
  const began = useRef<number | null>(null);
  const [seconds, setSeconds] = useState<number | null>(null);
  useEffect(() => {
    if (isThinking) began.current ??= performance.now();
    else if (began.current !== null) {
      setSeconds(Math.max(1, Math.round((performance.now() - began.current) / 1000)));
      began.current = null;
    }
  }, [isThinking]);
  return seconds;
}

/** What the model thought before its answer, folded away: nobody hears it who does not open it. */
export const Reasoning = memo(function Reasoning({ text, isThinking }: { text: string; isThinking: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const seconds = useSecondsSeen(isThinking);
  const past = seconds === null ? "Thought before it answered" : `Thought for ${amount(seconds, "second")}`;
  return (
    <details className="group/thoughts mb-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="-ms-1 inline-flex min-h-8 cursor-pointer list-none items-center gap-1.5 rounded-lg px-1 text-ink-soft text-sm hover:text-ink [&::-webkit-details-marker]:hidden">
        <LightBulbIcon className={isThinking ? "animate-breathe text-accent" : undefined} />
        {isThinking ? "Thinking…" : past}
        <ChevronRightIcon className="transition-transform group-open/thoughts:rotate-90" />
      </summary>
      {isOpen && (
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label="What the model thought"
          className="mt-1 max-h-80 overflow-y-auto whitespace-pre-wrap border-line border-s-2 ps-4 text-ink-soft text-sm leading-6 [overflow-wrap:anywhere] [unicode-bidi:plaintext]"
        >
          {text}
        </section>
      )}
    </details>
  );
});
