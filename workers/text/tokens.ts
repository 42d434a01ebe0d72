/** Characters of scripts that models count one by one. */
export const wideCharacters =
  /[\u1100-\u11ff\u3001-\u3003\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uff60]/g;

/**
 * About how many tokens a model will count for `text`: a character of Chinese, Japanese or Korean each, and one for every
 * four others. Within some 20 % for prose, on the high side for code: meant for windows and for models that report nothing.
 */
export function estimateTokens(text: string): number {
  if (text === "") return 0;
  const wide = text.match(wideCharacters)?.length ?? 0;
  return Math.max(1, wide + Math.ceil((text.length - wide) / 4));
}
