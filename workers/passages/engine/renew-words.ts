import type { LatentSpace } from "./latent-space.ts";
import { passageTerms, wordsVersion } from "./terms.ts";

/** Passages that are cut into words again at a time. */
const batch = 100;

/** Whether passages were cut into words as an earlier version did. */
export const areWordsBehind = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM chunks WHERE words < ? LIMIT 1", wordsVersion).toArray().length > 0;

function renewNext(sql: SqlStorage, latent: LatentSpace): number {
  const rows = sql
    .exec("SELECT id, section, text, terms FROM chunks WHERE words < ? ORDER BY words, id LIMIT ?", wordsVersion, batch)
    .toArray();
  for (const { id, section, text } of rows) {
    const { all, telling } = passageTerms(section === null ? null : String(section), String(text));
    sql.exec("DELETE FROM chunk_terms WHERE rowid = ?", id);
    sql.exec("INSERT INTO chunk_terms (rowid, terms) VALUES (?, ?)", id, all.join(" "));
    const update = "UPDATE chunks SET terms = ?, length = ?, words = ? WHERE id = ?";
    sql.exec(update, telling.join(" "), telling.length, wordsVersion, id);
  }
  latent.forgetWords(
    rows.flatMap(({ terms }) => String(terms).split(" ")),
    rows.length,
  );
  return rows.length;
}

/**
 * Cuts passages into words again that an earlier version cut, batch by batch; those that are not done yet are found by what the old words and the new
 * have in common. `transaction` runs a change whole or not at all.
 */
export async function renewWords(
  sql: SqlStorage,
  latent: LatentSpace,
  transaction: (change: () => void) => void,
  pause: () => Promise<void>,
): Promise<void> {
  for (let renewed = batch; renewed === batch; await pause())
    transaction(() => {
      renewed = renewNext(sql, latent);
    });
}
