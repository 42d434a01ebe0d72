import type { ComponentProps } from "react";
import { Link } from "react-router";
import { cx } from "./class-names.ts";
import { Spinner } from "./spinner.tsx";

type Look = "primary" | "secondary" | "quiet" | "danger";
type Size = "small" | "medium" | "large";

const looks: Record<Look, string> = {
  primary: "bg-accent text-on-accent shadow-card hover:bg-accent-strong",
  secondary: "border border-line bg-surface text-ink shadow-card hover:bg-hover",
  quiet: "text-ink-soft hover:bg-hover hover:text-ink",
  danger: "border border-line bg-surface text-danger shadow-card hover:bg-danger-soft",
};

const sizes: Record<Size, string> = {
  small: "h-8 gap-1.5 rounded-lg px-2.5 text-sm",
  medium: "h-10 gap-2 rounded-[0.625rem] px-4 text-[0.9375rem]",
  large: "h-12 gap-2 rounded-xl px-5 text-base",
};

function buttonClass(look: Look, size: Size, className?: string): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55",
    looks[look],
    sizes[size],
    className,
  );
}

interface ButtonProps extends ComponentProps<"button"> {
  look?: Look;
  size?: Size;
  /** Shows that the work is under way. The button stays focusable, and its name stays readable. */
  busy?: boolean;
}

export function Button({
  look = "secondary",
  size = "medium",
  busy,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass(look, size, className)}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

interface ButtonLinkProps extends ComponentProps<typeof Link> {
  look?: Look;
  size?: Size;
}

export function ButtonLink({ look = "secondary", size = "medium", className, ...rest }: ButtonLinkProps) {
  // What is not a page of the app, such as a download, has no data to fetch ahead.
  return (
    <Link prefetch={rest.reloadDocument ? "none" : "intent"} {...rest} className={buttonClass(look, size, className)} />
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does, for the tooltip and for people who do not see the icon. */
  label: string;
}

/** A square button that shows only an icon. */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "inline-flex size-8 shrink-0 items-center justify-center rounded-lg text-ink-soft transition-colors hover:bg-hover hover:text-ink disabled:opacity-45",
        className,
      )}
    />
  );
}
