import { fold, stemOf } from "../../text/words.ts";

/** Words that frame a question rather than name what it is about, in the languages that questions come in. */
const framing = `say tell call happen mean recommend advise advice opinion think believe mention know want need please thing kind sort type way
example question answer document documents text author anything something many much long old often far according exactly actually really
possible able become come go get ask do use quote bring stand full form abbreviation short term bring consider regard
wie was wer wo wann warum welche welcher welches welchem welchen wieviel viel viele lang lange hoch bedeutet heisst heißt steht gibt kommt muss darf soll ich mein meine
combien quel quelle quels quelles comment faut peut sont est signifie
cuanto cuanta cuantos cuantas que cual cuales como cuesta significa hay puedo puede
quanto quanti quale quali come
hoeveel wanneer waar waarom hoe wat wie
care cine cand unde cum cat cati cate este sunt fost
ai gì nào đâu khi bao nhiêu mấy thế sao là của cái những các đã được có trong và ở với một
сколько какой какая какое какие каков какова когда где кто что почему как чем каким какую какого каком чего кого был была было были есть ли для при это из на в по с у и не от до за
ποιος ποια ποιο ποιες ποιοι πόσο πόσα πόσοι πόσες πότε πού πως πώς γιατί τι είναι ήταν το η ο οι τα του της των στο στη στην από με και για σε που να δεν ένα μια τον την
كم متى اين أين من ما ماذا هل كيف لماذا هي هو في على الى إلى التي الذي كان كانت هذا هذه مع عن
מה מי מתי איפה כמה למה איך האם של את על היא הוא זה
क्या कब कहाँ कौन कितना कितने कितनी कैसे क्यों है हैं का की के में से को और पर था थी थे`;

/** The framing words of all languages, as stems. */
export const framingStems: ReadonlySet<string> = new Set(fold(framing).split(/\s+/).filter(Boolean).map(stemOf));

/** What asks in scripts without spaces, where no word can be told from the next: a space takes its place. */
export const unspacedFraming =
  /(?:请问|請問|多少钱|是多少|多少|多久|什么时候|什么|甚麼|什麼|哪里|哪裡|哪个|哪些|哪|几|怎么|如何|为什么|為什麼|是谁|谁|吗|呢|是什么|教えてください|ですか|ますか|でしょうか|いくら|いつ|どこ|だれ|誰|何ですか|どのくらい|どれくらい|どの|なぜ|何故|どうやって|เท่าไหร่|เท่าไร|อะไร|ที่ไหน|เมื่อไหร่|เมื่อไร|อย่างไร|ทำไม|ใคร|กี่|ไหม|หรือไม่|หรือเปล่า|ครับ|ค่ะ|คะ|คือ|얼마나|얼마|며칠|무엇|어디|언제|누가|누구|어떻게|어떤|어느|왜|(?:인가|하|되|있|나|리|이|가)?나요|인가요|습니까|입니까|합니까|됩니까|예요|이에요|몇)/gu;

/** Words so common that sharing them proves little. */
export const commonStems: ReadonlySet<string> = new Set(
  `good new first last great big small high low right year day time week month people man woman world thing place part number name start begin
keep run work show see look give turn move live play help try feel bring leave put set let change end two three one different same
important main real main true full early late next high large whole certain common`
    .split(/\s+/)
    .map(stemOf),
);
