/** A box to be ticked, or a choice from a list, as it is filled in. */
export interface FormField {
  isTicked: boolean | null;
  choices: string[];
  chosen: number;
}

export const emptyField = (): FormField => ({ isTicked: null, choices: [], chosen: 0 });

/** What a form field shows; null where it is neither a box nor a list. */
export function shownByFormField({ isTicked, choices, chosen }: FormField): string | null {
  if (isTicked !== null) return isTicked ? "☒" : "☐";
  return choices.length > 0 ? (choices[chosen] ?? "") : null;
}
