const scaleWords: [factor: number, names: string][] = [
  [
    1e3,
    "thousand thousands tausend tsd mille mila mil duizend тыс тысяч тысячи тысяча тис тисяч тисячі tys tysiąc tysiące tysięcy bin nghìn ngàn χιλ χιλιάδες ألف الف آلاف هزار हज़ार हजार হাজার พัน אלף 千 천",
  ],
  [
    1e6,
    "million millions mio mill mln millionen millón millones milione milioni milhão milhões miljoen мн млн миллион миллиона миллионов مليون ملايين мільйон мільйона мільйони мільйонів milion miliony miliona milionów milyon triệu εκατομμύριο εκατομμύρια εκατ میلیون ล้าน מיליון",
  ],
  [
    1e9,
    "billion billions bn mrd milliarde milliarden milliard milliards miliardo miliardi miljard млрд миллиард миллиардов مليار مليارات мільярд мільярди мільярдів mld miliard miliardy miliardów milyar tỷ tỉ δισεκατομμύριο δισεκατομμύρια δισ میلیارد מיליארד",
  ],
  [1e12, "trillion trillions billionen bio трлн"],
  [1e5, "lakh lakhs lac लाख লাখ লক্ষ แสน"],
  [1e7, "crore crores करोड़ কোটি"],
  [12, "dozen dozens dutzend douzaine douzaines docena docenas dozzina dúzia dúzias dozijn"],
  [1e4, "万 萬 만 หมื่น"],
  [1e8, "億 亿 억"],
  [1e12, "兆 조"],
];
const scales = new Map(
  scaleWords.flatMap(([factor, names]) => names.split(" ").map((name) => [name, factor] as const)),
);
const scaleAt = /[ \u00a0-]?(?:([\p{sc=Han}\p{sc=Hangul}]|พัน|หมื่น|แสน|ล้าน)|(\p{L}[\p{L}\p{M}]*)\.?(?![\p{L}\d]))/uy;
const short: Record<string, number> = { k: 1e3, K: 1e3, m: 1e6, M: 1e6, bn: 1e9, b: 1e9, B: 1e9 };

/** How many times a number is meant (“1.5 million”, “30k”), by what stands behind it; letters alone count where money is meant. */
export function scaleBehind(text: string, at: number, money: boolean): { factor: number; end: number } | null {
  scaleAt.lastIndex = at;
  const found = scaleAt.exec(text);
  if (!found) return null;
  const name = found[1] ?? found[2] ?? "";
  const glued = found[0].startsWith(name);
  const end = at + found[0].length;
  if (found[1] === undefined && glued && (name === "k" || name === "K" || (money && name in short)))
    return { factor: short[name] ?? 1, end: at + name.length };
  const factor = scales.get(name) ?? scales.get(name.toLowerCase());
  return factor === undefined ? null : { factor, end };
}
