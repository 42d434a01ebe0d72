const spaced = (words: string) => `(?<![\\p{L}\\p{M}])(?:${words})(?![\\p{L}\\p{M}])`;
/** Words between spaces with others that are written without. */
const any = (words: string, glued = ""): RegExp =>
  new RegExp(spaced(words.replaceAll("*", "\\p{L}*")) + (glued && `|${glued}`), "giu");

/** Words that bound an amount: `least` from below, `most` from above. Where one phrase holds another (“no more than”), it is looked for first. */
const most = any(
  "at most|up to|(?:no|not) (?:more|later|longer) than|(?:a )?maximum of|not exceed*|höchstens|maximal|bis zu|nicht mehr als|au plus|au maximum|jusqu['’]à|como máximo|a lo sumo|al massimo|fino a|non più di|no máximo|hoogstens|maximaal|co najwyżej|maksymalnie|nie więcej niż|не более|не больше|не більше|щонайбільше|en fazla|en çok|tối đa|không quá|το πολύ|على الأكثر|حداکثر|अधिकतम|से अधिक नहीं|সর্বোচ্চ|לכל היותר",
  "ไม่เกิน|อย่างมาก|最多|不超过|多くとも|以下|以内|최대|이하",
);
const least = any(
  "at least|(?:no|not) (?:less|fewer|earlier) than|(?:a )?minimum of|or more|mindestens|wenigstens|nicht weniger als|au moins|au minimum|al menos|por lo menos|como mínimo|almeno|come minimo|non meno di|pelo menos|no mínimo|minstens|ten minste|co najmniej|przynajmniej|nie mniej niż|не менее|не меньше|не менше|щонайменше|как минимум|en az|ít nhất|tối thiểu|không dưới|τουλάχιστον|على الأقل|حداقل|कम से कम|অন্তত|কমপক্ষে|לפחות",
  "อย่างน้อย|至少|不少于|少なくとも|以上|최소|적어도|이상",
);
const below = any(
  "(?:less|fewer) than|(?:under|below)(?= [\\d€$£])|weniger als|unter(?= [\\d€$£])|moins de|menos de|meno di|minder dan|mniej niż|poniżej|менее|меньше|менше|daha az|λιγότερ* από|κάτω από|أقل من|کمتر از|से कम|ít hơn|dưới|פחות מ*",
  "น้อยกว่า|少于|不到|未満|미만",
);
const above = any(
  "more than|(?:over|above)(?= [\\d€$£])|exceed*|mehr als|über(?= [\\d€$£])|plus de|más de|più di|mais de|meer dan|więcej niż|ponad|powyżej|более|больше|більше|понад|daha fazla|περισσότερ* από|πάνω από|أكثر من|بیش از|से अधिक|nhiều hơn|hơn|יותר מ*",
  "มากกว่า|超过|超える|초과",
);

/** Words that exclude each other, of what else says the same. */
const pairs: [RegExp, RegExp][] = [
  [
    any(
      "rose|ris(?:e|es|en|ing)|increas*|grew|grow(?:s|n|ing|th)?|climb*|st[ie]+g(?:en|t)?|gestiegen|wuchs*|gewachsen|erhöh*|augment*|haussé*|sub(?:e|en|ió|ieron|iu|iram)|aument*|creci*|cresciut*|cresce*|salit[aeio]|steeg|stegen|gestegen|wzr[oó]s*|rośnie|вырос*|возрос*|увелич*|зр[оі]с*|збільш*|art(?:tı|mış|ar|ıyor)*|yüksel*|tăng|αυξ[άήη]*|αύξησ*|ارتفع*|ازداد*|زاد*|افزایش|עלה|עלו|עלתה|גדל*",
      "बढ़|বেড়|বৃদ্ধি|เพิ่ม|增加|增长|上升|上涨|増加|増え|上昇|上がり|증가|상승|늘어",
    ),
    any(
      "fell|fall(?:s|en|ing)?|decreas*|declin*|dropp*|drops?|shr[aiu]nk*|sank|sunk|sinkt?|sanken|gesunken|fiel|fielen|gefallen|verringer*|baiss*|diminu*|recul*|baj(?:a|an|ó|aron)|disminu*|cay(?:ó|eron)|calat[aeio]|sces[aeio]|ca(?:iu|íram)|daal*|gedaald|spad*|zmniejsz*|снизил*|упал*|уменьш*|зменш*|впа[лв]*|знизи*|azal*|düş*|giảm|μειώ*|μείωσ*|انخفض*|کاهش|ירד*|קטן*",
      "घट|কমে|কমেছ|ลด|减少|下降|下跌|減少|減り|下がり|低下|감소|하락|줄어",
    ),
  ],
  [
    any(
      "before|prior to|vor|avant|antes|prima|vóór|voor|przed|перед|önce|trước|πριν|قبل|לפני|پیش از",
      "से पहले|আগে|ก่อน|之前|以前|前に|전에",
    ),
    any(
      "after|nach|après|después|depois|dopo|na|po|после|після|sonra|sau|μετά|بعد|אחרי|پس از",
      "के बाद|পরে|หลัง|之后|以后|後に|후에",
    ),
  ],
  [
    any(
      "all|every|each|everyone|alle[nrs]?|jede[nmrs]?|tou(?:s|tes)|tod[ao]s|tutt[ie]|wszys[ct]*|все|всі|tüm|bütün|tất cả|όλ(?:οι|ες|α)|جميع|همه|सभी|সব|সকল|כל",
      "ทั้งหมด|ทุก|所有|全部|すべて|全て|모든",
    ),
    any(
      "some|several|few|einige[nrs]?|manche[nrs]?|wenige|certain(?:e?s)|quelques|algun[ao]s|alcun[ie]|sommige|enkele|niektór*|некоторы*|деяк*|bazı|một số|μερικ*|بعض|برخی|कुछ|কিছু|חלק",
      "บาง|一些|有些|部分|一部の|일부",
    ),
  ],
  [
    any("most|die meisten|la plupart|la mayoría|la maggior parte|a maioria|większość|большинство"),
    any("few|wenige|peu|poc[ohi]*|nielicz*|немногие"),
  ],
  [
    any(
      "allow*|permitt*|permits?|erlaubt|gestattet|zulässig|permis*|autoris*|permitid*|permess*|consentit*|toegestaan|dozwolon*|разреш*|дозвол*|serbest*|được phép|επιτρέπ*|مسموح*|مجاز|מותר*",
      "允许|可以|許可|허용|अनुमति|อนุญาต",
    ),
    any(
      "prohibit*|forbidden|banned|bans?|verboten|untersagt|unzulässig|interdit*|prohibid*|vietat*|proibid*|zabronion*|запрещ*|заборон*|yasak*|cấm|απαγορεύ*|ممنوع|محظور|ممنوعه|אסור*",
      "禁止|금지|ห้าม|निषिद्ध|प्रतिबंधित",
    ),
  ],
  [
    any(
      "open(?:s|ed)?|geöffnet|offen|ouvert*|abiert*|apert*|abert*|geopend|otwart*|открыт*|відкрит*|açık*|mở|ανοιχτ*|مفتوح*|פתוח*",
      "开放|開いて|열려",
    ),
    any(
      "closed?|geschlossen|fermé*|cerrad*|chius*|fechad*|gesloten|zamknięt*|закрыт*|закрит*|kapalı*|đóng|κλειστ*|مغلق*|סגור*",
      "关闭|閉ま|닫혀",
    ),
  ],
  [
    any(
      "larger|bigger|greater|größer*|plus grand*|más grande|mayor(?:es)?|più grand*|maior(?:es)?|groter|większ*|büyük*|lớn|μεγαλύτερ*|أكبر|بزرگتر|बड़*",
      "大于|更大|大き|더 큰",
    ),
    any(
      "smaller|lesser|kleiner*|plus petit*|más pequeñ*|menor(?:es)?|più piccol*|kleiner|mniejsz*|küçük*|nhỏ|μικρότερ*|أصغر|کوچکتر|छोट*",
      "小于|更小|小さ|더 작은",
    ),
  ],
  [
    any("longer|taller|länger*|plus long*|más larg*|più lung*|dłuż*|длинне*"),
    any("shorter|kürzer*|plus court*|más cort*|più cort*|krót*|короче"),
  ],
  [
    any("faster|quicker|schneller*|plus rapide*|más rápid*|più veloc*|sneller|szybsz*|быстре*"),
    any("slower|langsamer*|plus lent*|más lent*|più lent*|langzamer|wolniejsz*|медленне*"),
  ],
  [any("heavier|schwerer*|plus lourd*"), any("lighter|leichter*|plus léger*")],
  [
    any("cheaper|billiger*|günstiger*|moins cher*|más barat*|tańsz*|дешевле"),
    any("more expensive|dearer|teurer*|plus cher*|más car[ao]*|droższ*|дороже"),
  ],
  [any("older|älter*"), any("younger|newer|jünger*|neuer*")],
  [
    any("maxim*|highest|höchste*|größte*|макс*|最大", "最大|최대"),
    any("minim*|lowest|kleinste*|niedrigste*|мин*", "最小|최소"),
  ],
  [
    any("include[sd]?|including|inklusive|enthält|enthalten|inclu[sy]*|incluid*|contient"),
    any("exclud*|excluding|exklusive|exclu[sy]*|excluid*"),
  ],
  [
    any("mandatory|required|obligatory|verpflichtend|obligatoire*|obligatori[ao]s?"),
    any("optional|voluntary|freiwillig|facultati[fv]*|opcional*"),
  ],
  [
    any("accept(?:s|ed)?|approve[sd]?|angenommen|genehmigt|accepté*"),
    any("reject(?:s|ed)?|denied|refuse[sd]?|abgelehnt|refusé*"),
  ],
  [any("safe|sicher"), any("dangerous|hazardous|gefährlich")],
  [any("profits?|gewinn"), any("loss(?:es)?|verlust")],
];
/** Words that say how much a sentence holds, and of which “never” leaves nothing. */
const always = any(
  "always|immer|toujours|siempre|sempre|altijd|zawsze|всегда|завжди|her zaman|luôn|πάντα|دائما|همیشه|हमेशा|সবসময়|תמיד",
  "总是|いつも|항상|เสมอ",
);
/** What turns a word into its contrary. */
const contraryOf = /^(?:un|in|im|ir|il|non-?|dis)(?=\p{L}{4})/u;

const has = (pattern: RegExp, text: string) => text.search(pattern) >= 0;

/** From which side a text bounds its amounts; null where from none, or from both. */
function boundOf(text: string): "least" | "most" | null {
  const rest = text.replace(most, " ").replace(least, " ");
  const isMost = has(most, text) || has(below, rest);
  const isLeast = has(least, text.replace(most, " ")) || has(above, rest);
  return isMost === isLeast ? null : isMost ? "most" : "least";
}

const wordsIn = (text: string) => new Set(text.toLowerCase().match(/\p{L}[\p{L}-]*/gu) ?? []);
function negatesWord(some: Set<string>, others: Set<string>): boolean {
  return [...some].some((word) => {
    const positive = word.replace(contraryOf, "");
    return positive !== word && others.has(positive) && !some.has(positive) && !others.has(word);
  });
}

/** Whether two sentences that else say the same say it of contraries: one rose where the other fell, “at least” where the other has “at most”. */
export function areContrary(one: string, other: string): boolean {
  const [bound, otherBound] = [boundOf(one), boundOf(other)];
  if (bound && otherBound && bound !== otherBound) return true;
  const [words, otherWords] = [wordsIn(one), wordsIn(other)];
  if (negatesWord(words, otherWords) || negatesWord(otherWords, words)) return true;
  const sideOf = (text: string, [first, second]: [RegExp, RegExp]) =>
    Number(has(first, text)) - Number(has(second, text));
  return pairs.some((pair) => sideOf(one, pair) * sideOf(other, pair) < 0);
}

/** A sentence without the words that `areContrary` compares. */
export function withoutPoles(text: string): string {
  const rest = text.replace(/(?<!\p{L})(?:un|non-?)(?=\p{L}{4})/giu, "");
  return [most, least, below, above, always, ...pairs.flat()]
    .reduce((left, words) => left.replace(words, " "), rest)
    .replace(/(?<!\p{L})(?:in|im|ir|il|dis)(?=\p{L}{4})/giu, "");
}
