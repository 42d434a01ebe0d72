import { AlertIcon, CheckCircleIcon, InfoIcon } from "@primer/octicons-react";
import type { ReactNode } from "react";
import { cx } from "./class-names.ts";

const tones = {
  danger: { look: "bg-danger-soft text-danger", icon: AlertIcon },
  warn: { look: "bg-warn-soft text-warn", icon: AlertIcon },
  good: { look: "bg-accent-soft text-accent", icon: CheckCircleIcon },
  info: { look: "bg-sunken text-ink-soft", icon: InfoIcon },
} as const;

interface NoticeProps {
  tone: keyof typeof tones;
  children: ReactNode;
  /** A button or link that deals with it. */
  action?: ReactNode;
  className?: string;
}

/** A sentence that the reader has to see, in its place. Problems are announced. */
export function Notice({ tone, children, action, className }: NoticeProps) {
  const { look, icon: Icon } = tones[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={cx("flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl px-3.5 py-2.5 text-sm", look, className)}
    >
      <Icon className="shrink-0" />
      <div className="min-w-0 flex-1 basis-40">{children}</div>
      {action}
    </div>
  );
}
