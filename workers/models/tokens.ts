const wide = /[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g;

/**
 * About how many tokens a model will count for `text`: a character of Chinese, Japanese or Korean each, and one for every
 * four others. Within some 20 % for prose, on the high side for code: meant for windows and for models that report nothing.
 */
export function estimateTokens(text: string): number {
  if (text === "") return 0;
  const wideCharacters = text.match(wide)?.length ?? 0;
  return Math.max(1, wideCharacters + Math.ceil((text.length - wideCharacters) / 4));
}
