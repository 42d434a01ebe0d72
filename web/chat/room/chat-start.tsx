import { ArrowRightIcon } from "@primer/octicons-react";
import type { ReactNode } from "react";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/class-names.ts";

export interface Speaker {
  name: string;
  seed: string;
  description: string;
  greeting: string;
  starters: readonly string[];
}

interface ChatStartProps {
  speaker: Speaker;
  /** False where the page itself already says who this is. */
  introduce: boolean;
  badge: ReactNode;
  notice: ReactNode;
  onAsk: (question: string) => void;
}

/** A chat before its first question: who this is, and what to ask. */
export function ChatStart({ speaker, introduce, badge, notice, onAsk }: ChatStartProps) {
  return (
    <div className="mx-auto flex w-full max-w-2xl flex-1 flex-col justify-center gap-5 py-6 [overflow-wrap:anywhere]">
      <div className="flex flex-col items-start gap-3">
        {introduce && (
          <>
            <Avatar name={speaker.name} seed={speaker.seed} size="large" />
            <h2 className="display text-[1.75rem]">{speaker.name}</h2>
          </>
        )}
        <p className={cx("whitespace-pre-line", introduce ? "text-ink-soft" : "text-lg leading-relaxed")}>
          {speaker.greeting || speaker.description || "Ask a question. Every answer shows where it comes from."}
        </p>
        {badge}
      </div>
      {notice}
      {speaker.starters.length > 0 && (
        <ul className="flex flex-col gap-2" aria-label="Questions to start with">
          {speaker.starters.map((starter) => (
            <li key={starter}>
              <button
                type="button"
                onClick={() => onAsk(starter)}
                className="group flex w-full items-center justify-between gap-3 rounded-xl border border-line bg-surface px-4 py-3 text-start text-[0.9375rem] shadow-card transition-colors hover:border-accent-line hover:bg-accent-soft"
              >
                {starter}
                <ArrowRightIcon className="shrink-0 text-ink-faint transition-transform group-hover:translate-x-0.5 group-hover:text-accent" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
