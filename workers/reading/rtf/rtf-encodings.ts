/** Encodings of fonts by the number of their character set. */
const charsets: Record<number, string> = {
  77: "macintosh",
  128: "shift_jis",
  129: "euc-kr",
  130: "euc-kr",
  134: "gbk",
  136: "big5",
  161: "windows-1253",
  162: "windows-1254",
  163: "windows-1258",
  177: "windows-1255",
  178: "windows-1256",
  186: "windows-1257",
  204: "windows-1251",
  222: "windows-874",
  238: "windows-1250",
};

const codePages: Record<number, string> = {
  866: "ibm866",
  874: "windows-874",
  932: "shift_jis",
  936: "gbk",
  949: "euc-kr",
  950: "big5",
  10000: "macintosh",
  10007: "x-mac-cyrillic",
  65001: "utf-8",
};

/** The encoding of a Windows code page; Windows-1252 for one that is not known. */
export const encodingOfCodePage = (page: number): string =>
  codePages[page] ?? (page >= 1250 && page <= 1258 ? `windows-${page}` : "windows-1252");

/** The encoding of a font: what its character set says, else that of the document. */
export function encodingOfCharset(charset: number, ofDocument: string): string {
  const known = charsets[charset];
  if (known) return known;
  // A western font has western letters even in a document of two-byte characters.
  return charset === 0 && !/^(?:windows-|ibm|mac|x-mac|utf)/.test(ofDocument) ? "windows-1252" : ofDocument;
}
