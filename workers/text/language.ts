/** Words that hardly a sentence of a language does without, and that the others do not have. */
const usual = {
  en: "the of and to is are was were for that with this it from by not costs at per has we you can on be it",
  de: "der die das und ist sind nicht ein eine den dem mit wird von zu auf beträgt kostet bis im am ab",
  fr: "le la les des est sont dans pour pas une du qui sur avec cette au coûte jusqu par",
  es: "el los las una es son por para con del se su que y está como hasta cuesta",
  it: "il gli della è sono per che non una di con nel alla dei fino costa",
  pt: "os uma é são para com não da do que em na mais seu até custa",
  nl: "het een van en dat niet voor zijn wordt met deze aan bij kost tot",
};
const languagesOfWord = new Map<string, string[]>();
for (const [language, words] of Object.entries(usual))
  for (const word of words.split(" ")) languagesOfWord.set(word, [...(languagesOfWord.get(word) ?? []), language]);

/** Scripts that one language, or one way of writing numbers, is usual for. */
const scripts: [RegExp, string][] = [
  [/[\u3040-\u30ff]/, "ja"],
  [/[\uac00-\ud7af]/, "ko"],
  [/[\u4e00-\u9fff]/, "zh"],
  [/[\u0e00-\u0e7f]/, "th"],
  [/[\u0600-\u06ff]/, "ar"],
  [/[\u0400-\u04ff]/, "ru"],
  [/[\u0900-\u097f]/, "hi"],
  [/[\u0370-\u03ff]{3}/, "el"],
  [/[\u0590-\u05ff]/, "he"],
];

/** The language that most of a text's little words are of, or its script; null where there are too few of them, or none that is known. */
export function languageOf(text: string): string | null {
  const start = text.slice(0, 2_000).toLowerCase();
  const counts = new Map<string, number>();
  for (const [word] of start.matchAll(/\p{L}+/gu))
    for (const language of languagesOfWord.get(word) ?? []) counts.set(language, (counts.get(language) ?? 0) + 1);
  const [most, next] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most && most[1] !== next?.[1]) return most[0];
  return (most ? null : scripts.find(([script]) => script.test(start))?.[1]) ?? null;
}
