import { microCreditsPerCredit } from "./money.ts";

const digits = 6;

/** An amount in credits, as people read it in a sentence: `1.25 credits`. Whole numbers only: no amount of money is ever a fraction here. */
export function creditsText(microCredits: number): string {
  const all = BigInt(Math.max(0, microCredits));
  const whole = all / BigInt(microCreditsPerCredit);
  const rest = String(all % BigInt(microCreditsPerCredit))
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return `${whole}${rest && `.${rest}`} ${whole === 1n && rest === "" ? "credit" : "credits"}`;
}
