/** Endings by which the words of a script change; what is left has so many letters at least. */
const endings: { script: RegExp; endings: RegExp; left: number }[] = [
  {
    script: /^\p{sc=Cyrillic}/u,
    endings:
      /(?:(?:ыми|ими|ого|его|ому|ему|ами|ями|ых|их|ым|им|ом|ем|ой|ей|ов|ев|ах|ях|ам|ям|ью|ую|юю|ая|яя|ое|ее|ые|ие|ию|[аеиоуыэюяйьъії])|(?:ться|тся|лась|лись|лось|(?<=[аеиоуыя])ть|(?<=[аеиоуыя])л[аио]?|ет|ют|ит|ят))$/,
    left: 3,
  },
  { script: /^\p{sc=Greek}/u, endings: /(?:ου[σν]|ει[σν]|[αεηιουω]{1,2}[σν]?)$/, left: 4 },
];
const article = /^(?:و?(?:ال|بال|كال|فال)|و?لل)(?=.{3})/;
const arabicEnding = /(?<=^.{3,})(?:ها|ان|ات|ون|ين|يه|ه|ي)$/;
/** How ä, ö and ü are written where they are not at hand; as stems are only compared with stems, “aerodynamic” may lose a letter too. */
const spelledOut = /([aou])e/g;
const fewestLetters = 6;

/** The stem of a folded word of scripts that `stem` passes through, and of German that is written without its umlauts. */
export function lightStem(word: string): string {
  if (/^[a-z]/.test(word)) return word.length < fewestLetters ? word : word.replace(spelledOut, "$1");
  if (/^\p{sc=Arabic}/u.test(word)) return word.replace(article, "").replace(arabicEnding, "");
  const found = endings.find(({ script }) => script.test(word));
  if (!found) return word;
  const stem = word.replace(found.endings, "");
  return stem.length < found.left ? word : stem;
}
