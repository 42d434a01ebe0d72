import { oneLine } from "../document-blocks.ts";

/** What programs write as the text of a picture that nobody described. */
const noDescription =
  /^(?:[\w()-]+\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf|svg|webp)|(?:picture|image|bild|grafik|graphic) ?\d*)$/i;

/** What is said of a picture, without what says that a program said it. */
export function pictureText(said: string | undefined): string {
  const text = oneLine(
    (said ?? "").replace(/(?:Description automatically generated|Automatisch generierte Beschreibung).*$/is, ""),
  );
  return noDescription.test(text) ? "" : text;
}
