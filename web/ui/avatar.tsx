import { cx } from "./class-names.ts";

const tints = [
  "bg-[light-dark(#dcece6,#1d3c34)] text-[light-dark(#0f5c4a,#7fdcbd)]",
  "bg-[light-dark(#f6e3d4,#43301f)] text-[light-dark(#84450f,#efb98a)]",
  "bg-[light-dark(#e2e6f5,#272f4d)] text-[light-dark(#33458f,#aebcf4)]",
  "bg-[light-dark(#f4dfe8,#472433)] text-[light-dark(#8d2a55,#f0a3c4)]",
  "bg-[light-dark(#ebe7cf,#3a371b)] text-[light-dark(#645808,#d9cd79)]",
];

function tintOf(seed: string): string {
  let sum = 0;
  for (const character of seed) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return tints[sum % tints.length] as string;
}

function initials(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("")
    .toUpperCase();
}

const sizes = {
  small: "size-7 rounded-lg text-xs",
  medium: "size-10 rounded-xl text-sm",
  large: "size-14 rounded-2xl text-xl",
};

/** A clone's or person's initials, in a tint that stays theirs. Decorative: the name stands beside it. */
export function Avatar({
  name,
  seed = name,
  size = "medium",
}: {
  name: string;
  seed?: string;
  size?: keyof typeof sizes;
}) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "inline-flex shrink-0 select-none items-center justify-center font-semibold",
        sizes[size],
        tintOf(seed),
      )}
    >
      {initials(name) || "?"}
    </span>
  );
}
