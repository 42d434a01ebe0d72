/** Parts the headings in a passage's section, from the outermost to the nearest: `Garden › Pears › Pruning`. */
export const sectionSeparator = " › ";

/** The heading that stands nearest above a passage. */
export const nearestHeading = (section: string): string => section.split(sectionSeparator).at(-1) ?? section;

/** The headings above a passage that its own text does not begin with; empty where it begins with the only one. */
export function headingsNotIn(section: string, text: string): string {
  const nearest = nearestHeading(section);
  return text.startsWith(nearest) ? section.slice(0, -nearest.length) : section;
}
