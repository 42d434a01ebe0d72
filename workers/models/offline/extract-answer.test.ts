import { expect, test } from "vitest";
import { extractAnswer } from "./extract-answer.ts";

/** What is quoted of texts, each a passage of a document of its own; empty where the question is declined. */
function quotes(
  question: string,
  texts: readonly (string | { source?: string; section?: string; text: string })[],
): string[] {
  const passages = texts.map((given, i) => {
    const { source = `document-${i}.txt`, section = null, text } = typeof given === "string" ? { text: given } : given;
    return { index: i + 1, source, page: null, section, text, score: 1 / (i + 1) };
  });
  return extractAnswer({ question, passages }).map(({ text }) => text);
}

const plans = "Plan A costs 10 euros a month.\n\nPlan B costs 25 euros a month.\n\nPlan C costs 70 euros a month.";
const pumps = "The reset code for pump XR-500A is 7431.\n\nThe reset code for pump XR-500B is 9922.";
const days = "In 2022 there were 24 vacation days. In 2024 there were 28 vacation days.";
const table = "Plan | Per month | Per year\nBasic | 5 EUR | 50 EUR\nPro | 12 EUR | 120 EUR";
const languages = "The U.S. office uses C++ for the crane.\n\nThe UK office uses C# for the crane.";
const halls = "The deposit for the small hall is 100 euros.\n\nThe rent of the large hall is 500 euros.";

test.each([
  ["What does plan B cost?", plans, "Plan B costs 25 euros a month."],
  ["How much is Plan A?", plans, "Plan A costs 10 euros a month."],
  ["reset code XR-500B", pumps, "The reset code for pump XR-500B is 9922."],
  ["What is the reset code of the xr500a?", pumps, "The reset code for pump XR-500A is 7431."],
  ["How many vacation days were there in 2024?", days, "In 2024 there were 28 vacation days."],
  ["What does Pro cost per year?", table, "Plan: Pro · Per month: 12 EUR · Per year: 120 EUR"],
  ["Which office uses C++?", languages, "The U.S. office uses C++ for the crane."],
  ["What does the UK office use?", languages, "The UK office uses C# for the crane."],
  ["How much is the deposit for the small hall?", halls, "The deposit for the small hall is 100 euros."],
])("quotes the one that was asked for alone: %s", (question, text, wanted) => {
  expect(quotes(question, [text])).toEqual([wanted]);
});

test.each([
  ["What does plan D cost?", plans],
  ["What is the reset code for pump XR-500C?", pumps],
  ["How many vacation days were there in 2023?", days],
  ["What does Ultra cost per year?", table],
  ["Which office uses .NET?", languages],
  ["How much is the deposit for the large hall?", halls],
  ["What does the gold membership cost?", "The silver membership costs 20 euros a month."],
  ["When does the north gate open?", "The south gate opens at 7. The north tower is closed."],
  [
    "How many employees does the mill have?",
    "The mill's employees have won many prizes at fairs, among them six for its bread.",
  ],
  ["What is the telephone number of the author?", "The author lives in Bonn, at number 12 of a long street."],
])("declines where only the like of it is there: %s", (question, text) => {
  expect(quotes(question, [text])).toEqual([]);
});

const workshop = `The drill needs the kernel module dremel to be loaded before it is used. Press the green key to reboot the saw.

The saw was given to the workshop by Anna Berg, after she had seen the film Metropolis.`;

test.each([
  ["Which kernel module is needed for the lathe?", null],
  ["Which kernel module is needed for the drill?", "dremel"],
  ["Which key can I press to take a screenshot?", null],
  ["Which key can I press to reboot the saw?", "green key"],
  ["Who gave the aquarium to the workshop?", null],
  ["Who donated the saw to the workshop?", "Anna Berg"],
  ["After which movie did Anna Berg act?", "Metropolis"],
  ["¿Qué módulo necesita la fresadora nueva?", null],
])("tells the thing that is asked for from what stands beside its like: %s", (question, wanted) => {
  const found = quotes(question, [workshop, "La sierra necesita un módulo para cortar."]);
  if (wanted === null) expect(found).toEqual([]);
  else expect(found.join(" ")).toContain(wanted);
});

test("what is told before the question need not stand in the answer", () => {
  const question =
    "Hello! Yesterday my two children loved your crane, but I think that my daughter left her blue jacket somewhere. Where is the lost and found office?";
  expect(quotes(question, ["The lost and found office is in room 12."])).toHaveLength(1);
});

test("words of other languages end as their grammar wants", () => {
  const text = "Las intercepciones de Norman fueron cuatro. El estadio abrió sus puertas en 1996.";
  expect(quotes("¿Cuántas veces interceptó Norman?", [text])).toEqual(["Las intercepciones de Norman fueron cuatro."]);
});

test("a document's name and headings say which year, plan or product its sentences are about", () => {
  const handbooks = [
    { source: "Handbook 2024.txt", text: "Vacation is 28 days." },
    { source: "Handbook 2022.txt", text: "Vacation is 24 days." },
  ];
  expect(quotes("How many vacation days were there in 2022?", handbooks)).toEqual(["Vacation is 24 days."]);
  const sections = [
    { section: "Prices › Plan B", text: "The fee is 25 euros a month." },
    { section: "Prices › Plan A", text: "The fee is 10 euros a month." },
  ];
  expect(quotes("What is the fee of plan A?", sections)).toEqual(["The fee is 10 euros a month."]);
});

test.each([
  ["Korean", "환불은 며칠 걸리나요?", "환불은 14일 이내에 처리됩니다.\n\n주차 요금은 시간당 3,000원입니다.", "14일"],
  ["Korean", "주차비는 얼마인가요?", "환불은 14일 이내에 처리됩니다.\n\n주차 요금은 시간당 3,000원입니다.", "3,000원"],
  ["Thai", "ค่าจอดรถเท่าไร", "การคืนเงินใช้เวลาสิบสี่วัน\n\nค่าจอดรถชั่วโมงละสามสิบบาท", "ค่าจอดรถ"],
  ["Thai", "คืนเงินใช้เวลากี่วัน", "การคืนเงินใช้เวลาสิบสี่วัน\n\nค่าจอดรถชั่วโมงละสามสิบบาท", "สิบสี่วัน"],
  ["Chinese", "图书馆几点开门？", "图书馆早上九点开门。\n\n停车费每小时三元。", "九点"],
  ["Japanese", "ABC123の価格は？", "製品ＡＢＣ１２３の価格は５００円です。\n\n駐車料金は1時間300円です。", "５００円"],
  [
    "Arabic",
    "ما هي مدة اعادة المبلغ؟",
    "تتم إعادة المبلغ خلال أربعة عشر يوما.\n\nرسوم الموقف ثلاثة دنانير.",
    "أربعة عشر",
  ],
  ["Hindi", "पुस्तकालय कब खुलता है?", "पुस्तकालय सुबह नौ बजे खुलता है। पार्किंग का शुल्क तीस रुपये है।", "नौ बजे"],
  [
    "Greek",
    "Πόσο κοστίζει το πάρκινγκ;",
    "Το πάρκινγκ κοστίζει 3 ευρώ την ώρα. Η βιβλιοθήκη ανοίγει στις 9.",
    "3 ευρώ",
  ],
  [
    "Russian",
    "Сколько стоит парковка?",
    "Срок возврата денег составляет 14 дней.\n\nСтоимость парковки составляет сто рублей.",
    "сто рублей",
  ],
  ["German", "Wie lang ist die Kuendigungsfrist?", "Die Kündigungsfrist beträgt sechs Wochen.", "sechs Wochen"],
  ["German", "Wann kommt die STRASSENREINIGUNG?", "Die Straßenreinigung kommt am Dienstag.", "Dienstag"],
])("answers in %s: %s", (_language, question, text, wanted) => {
  expect(quotes(question, [text])[0]).toContain(wanted);
});

test.each([
  ["수영장은 어디에 있나요?", "도서관은 오전 9시에 문을 엽니다."],
  ["สระว่ายน้ำอยู่ที่ไหน", "ค่าจอดรถชั่วโมงละสามสิบบาท"],
])("declines in scripts without spaces too: %s", (question, text) => {
  expect(quotes(question, [text])).toEqual([]);
});

const firm = "International Business Machines Corporation (using the trademark IBM) is a firm in Armonk.";

test.each([
  ["What does IBM stand for?", firm],
  ["what does ibm stand for", "International Business Machines (IBM) makes computers."],
  ["What is IBM short for?", "IBM (International Business Machines) makes computers."],
  ["What is the full form of I.B.M.?", "IBM: International Business Machines."],
  ["Wofür steht IBM?", "IBM steht für International Business Machines."],
  ["What does LLM stand for?", "It asks large language models (LLMs) in turn."],
  ["Wofür steht DSGVO?", "Die Datenschutz-Grundverordnung (DSGVO) gilt seit 2018."],
])("says what an abbreviation stands for: %s", (question, text) => {
  expect(quotes(question, ["IBM and the DSGVO, and LLM, are only named here.", text])).toEqual([text]);
});

test("quotes nothing for an abbreviation that no passage spells out", () => {
  expect(quotes("What does SLA stand for?", ["The SLA is renewed each year."])).toEqual([]);
});

test("a name and its short form meet", () => {
  const founded = "It makes machines. IBM was founded in 1911.";
  expect(quotes("When was International Business Machines founded?", [firm, founded])).toContain(
    "IBM was founded in 1911.",
  );
});

const errors = {
  section: "Documents › Why a document fails",
  text: "What you see | What to do\nProtected by a password | Remove the password and upload it again.\nUnknown type | The format cannot be read yet.",
};

test("a list is the answer to “which”", () => {
  const formats = {
    section: "Documents › Formats that can be read",
    text: "Format | Ending | Pages\nPDF | .pdf | counted from 1\nWord | .docx | none\nMarkdown | .md | none",
  };
  expect(quotes("Which formats can I upload?", [errors, formats])).toEqual([
    "Format: PDF · Ending: .pdf · Pages: counted from 1",
    "Format: Word · Ending: .docx · Pages: none",
    "Format: Markdown · Ending: .md · Pages: none",
  ]);
  const sentence = "Understudy reads three formats: PDF, Word and Markdown.";
  expect(quotes("Which formats can I upload?", [errors, sentence])).toEqual([sentence]);
});

test.each([
  ["Parking fee", "Parking costs 3 euros an hour."],
  ["When is maintainance of the compresor due?", "Maintenance of the compressor is due every 500 hours."],
  ["How long do I have to hang on to my payroll paperwork?", "Keep payroll records for three years."],
  ["What is the e-mail address of Support?", "Write to Support at help.desk@harbour.example or call +49 40 123-4567."],
  ["Can I bring my dog?", "Pets are not allowed in the library."],
])("meets what is said in other words: %s", (question, sentence) => {
  expect(quotes(question, [`${sentence}\n\nThe harbour keeps a record of the tides.`])).toEqual([sentence]);
});

test("the second part of a question leans on the first", () => {
  const life = "Cornelius Vanderbilt began by rowing a boat. He died worth fifty million dollars in 1877.";
  expect(quotes("How did Cornelius Vanderbilt begin, and when did he die?", [life]).join(" ")).toContain("1877");
});
