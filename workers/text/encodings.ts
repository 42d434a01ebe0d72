/** Decodes text that may come in pieces. */
export interface TextDecoding {
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

/** What code pages of DOS and of old Macs, which no runtime decodes, have for the bytes from 128 on. */
const codePages: Record<string, string> = {
  cp437:
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0",
  cp737:
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρσςτυφχψ░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀ωάέήϊίόύϋώΆΈΉΊΌΎΏ±≥≤ΪΫ÷≈°∙·√ⁿ²■\u00a0",
  cp850:
    "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0",
  cp852:
    "ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0",
  cp857:
    "ÇüéâäàåçêëèïîıÄÅÉæÆôöòûùİÖÜø£ØŞşáíóúñÑĞğ¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ºªÊËÈ�ÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµ�×ÚÛÙìÿ¯´\u00ad±�¾¶§÷¸°¨·¹³²■\u00a0",
  "mac-latin2":
    "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ",
};

/** Names that files give to encodings beside those that the runtime knows. */
const otherNames: Record<string, string> = {
  ibm437: "cp437",
  ibm850: "cp850",
  cp858: "cp850",
  ibm852: "cp852",
  ibm857: "cp857",
  ibm737: "cp737",
  macroman: "macintosh",
  "mac-roman": "macintosh",
  maclatin2: "mac-latin2",
  "mac-cyrillic": "x-mac-cyrillic",
  maccyrillic: "x-mac-cyrillic",
  "x-mac-ce": "mac-latin2",
  cp932: "shift_jis",
  shift_jis_2004: "shift_jis",
  cp949: "euc-kr",
  johab: "",
  euc_jis_2004: "euc-jp",
  "euc-jis-2004": "euc-jp",
  "big5-hkscs": "big5",
  big5hkscs: "big5",
  cp874: "windows-874",
  "utf-32": "utf-32le",
};

/** The encoding that a name stands for, as `decoderOf` takes it; null for one that nobody knows. */
export function encodingNamed(name: string): string | null {
  const label = name.trim().toLowerCase();
  const known = otherNames[label] ?? label;
  if (known in codePages || known === "utf-32le" || known === "utf-32be") return known;
  try {
    return new TextDecoder(known.replace(/^iso_?8859/, "iso-8859")).encoding;
  } catch {
    // A name that no runtime knows says nothing.
    return null;
  }
}

function codePageDecoder(page: string): TextDecoding {
  return {
    decode(bytes = new Uint8Array()) {
      const codes = Uint16Array.from(bytes, (byte) => (byte < 128 ? byte : page.charCodeAt(byte - 128)));
      return new TextDecoder("utf-16le").decode(codes);
    },
  };
}

/** Four bytes a character; pieces are of whole ones. */
function utf32Decoder(isLittle: boolean): TextDecoding {
  let isFirst = true;
  return {
    decode(bytes = new Uint8Array()) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const parts: string[] = [];
      for (let at = 0; at + 4 <= bytes.length; at += 4) {
        const code = view.getUint32(at, isLittle);
        if (!(isFirst && code === 0xfeff)) parts.push(code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd");
        isFirst = false;
      }
      return parts.join("");
    },
  };
}

/** A decoder of an encoding that `encodingNamed` gives; what is not of the encoding is replaced. */
export function decoderOf(encoding: string): TextDecoding {
  const page = codePages[encoding];
  if (page) return codePageDecoder(page);
  if (encoding.startsWith("utf-32")) return utf32Decoder(encoding === "utf-32le");
  return new TextDecoder(encoding);
}
