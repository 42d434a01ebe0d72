import { withoutAccents } from "./tokens.ts";

/** Numbers as words, from 0, by language; what is missing between is put together. */
const small: Record<string, string> = {
  en: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
  de: "null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
  fr: "zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
  es: "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve",
  it: "zero un due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
  pt: "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete dezoito dezenove",
  nl: "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
  pl: "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście",
  ru: "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать",
  uk: "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять шістнадцять сімнадцять вісімнадцять дев'ятнадцять",
  tr: "sıfır bir iki üç dört beş altı yedi sekiz dokuz on",
  el: "μηδέν ένα δύο τρία τέσσερα πέντε έξι επτά οκτώ εννέα δέκα έντεκα δώδεκα δεκατρία δεκατέσσερα δεκαπέντε δεκαέξι δεκαεπτά δεκαοκτώ δεκαεννέα",
  ar: "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة",
  fa: "صفر یک دو سه چهار پنج شش هفت هشت نه ده یازده دوازده سیزده چهارده پانزده شانزده هفده هجده نوزده بیست",
  hi: "शून्य एक दो तीन चार पांच छह सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस",
  bn: "শূন্য এক দুই তিন চার পাঁচ ছয় সাত আট নয় দশ",
  he: "אפס אחת שתיים שלוש ארבע חמש שש שבע שמונה תשע עשר",
};

/** 20, 30 … 90. */
const tens: Record<string, string> = {
  en: "twenty thirty forty fifty sixty seventy eighty ninety",
  de: "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig",
  fr: "vingt trente quarante cinquante soixante septante huitante nonante",
  es: "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
  it: "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
  pt: "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
  nl: "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
  pl: "dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt",
  ru: "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
  uk: "двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто",
  tr: "yirmi otuz kırk elli altmış yetmiş seksen doksan",
  el: "είκοσι τριάντα σαράντα πενήντα εξήντα εβδομήντα ογδόντα ενενήντα",
};

const others: Record<string, string> = {
  en: "half=0.5 hundred=100 thousand=1000 million=1e6 billion=1e9 dozen=12",
  de: "halfte=0.5 anderthalb=1.5 zweieinhalb=2.5 dreieinhalb=3.5 eins=1 eine=1 einen=1 einem=1 einer=1 hundert=100 tausend=1000 million=1e6 millionen=1e6 milliarde=1e9 milliarden=1e9 dutzend=12",
  fr: "moitie=0.5 une=1 dixsept=17 dixhuit=18 dixneuf=19 vingts=20 cent=100 cents=100 mille=1000 million=1e6 millions=1e6 milliard=1e9 milliards=1e9 douzaine=12",
  es: "mitad=0.5 uno=1 una=1 cien=100 ciento=100 doscientos=200 trescientos=300 cuatrocientos=400 quinientos=500 seiscientos=600 setecientos=700 ochocientos=800 novecientos=900 mil=1000 millon=1e6 millones=1e6 docena=12",
  it: "meta=0.5 uno=1 una=1 cento=100 mille=1000 mila=1000 milione=1e6 milioni=1e6 miliardo=1e9 miliardi=1e9 dozzina=12",
  pt: "metade=0.5 uma=1 duas=2 catorze=14 dezasseis=16 dezassete=17 dezanove=19 cem=100 cento=100 duzentos=200 trezentos=300 quatrocentos=400 quinhentos=500 seiscentos=600 setecentos=700 oitocentos=800 novecentos=900 mil=1000 milhao=1e6 milhoes=1e6 duzia=12",
  nl: "helft=0.5 honderd=100 duizend=1000 miljoen=1e6 miljard=1e9 dozijn=12",
  pl: "dwie=2 dwóch=2 trzech=3 czterech=4 pięciu=5 sześciu=6 siedmiu=7 ośmiu=8 dziewięciu=9 dziesięciu=10 dwustu=200 pięćdziesięciu=50 sto=100 dwieście=200 trzysta=300 czterysta=400 pięćset=500 sześćset=600 siedemset=700 osiemset=800 dziewięćset=900 tysiąc=1000 połowa=0.5",
  ru: "две=2 двух=2 трёх=3 четырёх=4 пяти=5 шести=6 семи=7 восьми=8 девяти=9 десяти=10 двадцати=20 тридцати=30 сто=100 двести=200 триста=300 четыреста=400 пятьсот=500 шестьсот=600 семьсот=700 восемьсот=800 девятьсот=900 тысяча=1000 половина=0.5",
  uk: "дві=2 двох=2 трьох=3 чотирьох=4 сто=100 двісті=200 триста=300 чотириста=400 тисяча=1000 половина=0.5",
  tr: "yüz=100 yarım=0.5 yarısı=0.5",
  el: "τρεις=3 τέσσερις=4 εφτά=7 οχτώ=8 εννιά=9 εκατό=100 χίλια=1000",
  ar: "اثنين=2 سنتان=2 ثلاث=3 أربع=4 خمس=5 ست=6 سبع=7 ثماني=8 تسع=9 عشر=10 عشرون=20 عشرين=20 ثلاثون=30 ثلاثين=30 مئة=100 مائة=100",
  he: "אחד=1 שניים=2 שתי=2 שני=2 שלושה=3 ארבעה=4 חמישה=5 שישה=6 שבעה=7 תשעה=9 עשרה=10 עשרים=20 שלושים=30",
};

/** From the first on. */
const ordinals: Record<string, string> = {
  en: "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
  de: "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte elfte zwolfte",
  fr: "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme",
  es: "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo",
  it: "primo secondo terzo quarto quinto sesto settimo ottavo nono decimo",
  pt: "primeiro segundo terceiro quarto quinto sexto setimo oitavo nono decimo",
  nl: "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde",
  pl: "pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy dziewiąty dziesiąty",
  ru: "первый второй третий четвёртый пятый шестой седьмой восьмой девятый десятый",
};

/** Words that are another thing in another language, or in their own: they count where the language is known. */
const ambiguous = new Set(
  "دو یک ست एक on elli alti sto bin নয় এক שני six once due un une ein een uno una um uma eine einen einem einer elf dos ten sei otto set sept cent mil on tien second secondo segundo quarto sexto primo nono quinto venti cem meta tres neuf".split(
    " ",
  ),
);

type Numerals = Map<string, { value: number; ordinal: boolean }>;

function numeralsOf(language: string): Numerals {
  const numerals: Numerals = new Map();
  const add = (word: string, value: number, ordinal = false) => numerals.set(withoutAccents(word), { value, ordinal });
  const digits = (small[language] ?? "").split(" ");
  digits.forEach((word, value) => {
    add(word, value);
  });
  (tens[language] ?? "").split(" ").forEach((word, i) => {
    const value = (i + 2) * 10;
    add(word, value);
    for (let one = 1; one < 10; one++) {
      const digit = digits[one] ?? "";
      if (language === "de") add(`${digit}und${word}`, value + one);
      if (language === "nl") add(`${digit}en${word}`, value + one);
      if (language === "it")
        add(`${/^[uo]/.test(digit) ? word.slice(0, -1) : word}${one === 1 ? "uno" : digit}`, value + one);
      if (language === "en") add(`${word}${digit}`, value + one);
    }
    if (language === "en") add(word.replace(/y$/, "ieth"), value, true);
    if (language === "de") for (const ending of ["ste", "sten", "ster"]) add(`${word}${ending}`, value, true);
  });
  for (const pair of (others[language] ?? "").split(" ")) {
    const [word = "", value] = pair.split("=");
    add(word, Number(value));
  }
  (ordinals[language] ?? "").split(" ").forEach((word, i) => {
    add(word, i + 1, true);
    if (language === "de") for (const ending of ["n", "r", "s", "m"]) add(`${word}${ending}`, i + 1, true);
    if (language === "pl")
      for (const ending of ["ego", "ym", "im", "a", "ej"]) add(word.replace(/[yi]$/, ending), i + 1, true);
    if (language === "ru")
      for (const ending of ["ом", "ем", "ого", "ая", "ой"]) add(word.replace(/[ыои]й$/, ending), i + 1, true);
    if (/^(?:es|it|pt)$/.test(language)) add(word.replace(/o$/, "a"), i + 1, true);
    if (language === "fr" && i === 0) add("premiere", 1, true);
    if (language === "en" && i > 1 && i < 10) add(`${word}s`, i + 1, true);
  });
  if (language === "es")
    for (const [word, value] of [
      ["primer", 1],
      ["tercer", 3],
    ] as const)
      add(word, value, true);
  return numerals;
}

const byLanguage = new Map(Object.keys(small).map((language) => [language, numeralsOf(language)]));
/** Words that are numbers in some language and nothing else in any. */
const anywhere: Numerals = new Map(
  [...byLanguage.values()].flatMap((numerals) => [...numerals].filter(([word]) => !ambiguous.has(word))),
);

const multipliers: [RegExp, number][] = [
  [/tausend|duizend|mila|mille/, 1000],
  [/hundert|honderd|cento/, 100],
];

/** The value of a word that several are written together in: “dreihundertfünfzig”, “duemilacinquecento”. */
function compound(word: string, numerals: Numerals): number | null {
  const known = numerals.get(word);
  if (known) return known.ordinal ? null : known.value;
  for (const [name, factor] of multipliers) {
    const found = name.exec(word);
    if (!found) continue;
    const before = word.slice(0, found.index);
    const behind = word.slice(found.index + found[0].length).replace(/^und/, "");
    const left = before === "" ? 1 : compound(before, numerals);
    const right = behind === "" ? 0 : compound(behind, numerals);
    return left === null || right === null || right >= factor ? null : left * factor + right;
  }
  return null;
}

/** The number that a word says in a language, or in any where that is not known. */
export function numeralOf(word: string, language: string | null): { value: number; ordinal: boolean } | null {
  const folded = withoutAccents(word);
  if (folded.length > 60) return null;
  const numerals = (language !== null && byLanguage.get(language)) || anywhere;
  const known = numerals.get(folded) ?? anywhere.get(folded);
  if (known) return known;
  const value = folded.length > 6 ? compound(folded, numerals) : null;
  return value === null ? null : { value, ordinal: false };
}

/** Whether a number may go on with `next` behind what was said so far (20 and 4, 100 and 20, 60 and 15, 4 × 20). */
export function goesOnWith(sum: number, next: number): boolean {
  if (next >= 100) return sum > 0 && sum < next;
  if (sum === 0) return false;
  const rest = sum % 100;
  if (rest === 0) return true;
  if (next === 20) return rest === 4;
  if (rest === 60 || rest === 80) return next < 20;
  return rest >= 20 && rest % 10 === 0 && next > 0 && next < 10;
}

const han = new Map([..."〇零一二三四五六七八九"].map((sign, i) => [sign, Math.max(0, i - 1)]));
han.set("两", 2).set("兩", 2);
const hanUnits: Record<string, number> = { 十: 10, 百: 100, 千: 1000, 万: 1e4, 萬: 1e4, 億: 1e8, 亿: 1e8, 兆: 1e12 };

/** The value of a run of Chinese numerals (三十, 二〇二四, 三万五千); null where it is none. */
export function hanValue(run: string): number | null {
  const signs = [...run];
  if (signs.every((sign) => han.has(sign))) return Number(signs.map((sign) => han.get(sign)).join(""));
  let [total, section, digit] = [0, 0, 0];
  for (const sign of signs) {
    const unit = hanUnits[sign];
    if (unit === undefined) digit = han.get(sign) ?? 0;
    else if (unit >= 1e4) {
      total += (section + digit || 1) * unit;
      section = digit = 0;
    } else {
      section += (digit || 1) * unit;
      digit = 0;
    }
  }
  return total + section + digit;
}
