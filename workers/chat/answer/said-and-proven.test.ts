import { describe, expect, it } from "vitest";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { QuoteFinder } from "./find-quote.ts";

const passage = (text: string): FoundPassage => ({
  ...{ documentId: "doc_1", filename: "doc.md", page: 1, section: null, score: 0.9 },
  ...{ text, start: 0, end: text.length },
});

/** Whether a citation of the first passage stays behind `said`, where all passages are named together. */
function isKept(said: string, texts: string[], question = "What do they say?"): boolean {
  const finder = new QuoteFinder(texts.map(passage), question);
  const beside = texts.slice(1).map((_, i) => i + 2);
  return finder.find(1, `${said} `, [], beside) !== null;
}

describe("a citation", () => {
  it.each<[said: string, text: string, question?: string]>([
    [
      "The tower crane is delivered to the harbour on March 5, 2024",
      "Delivery notes. The tower crane is delivered to the harbour on 2024-03-05. It is assembled by the crew of the port.",
      "When is the tower crane delivered?",
    ],
    [
      "The tower crane is delivered on 5 March 2024",
      "Delivery notes. The tower crane is delivered to the harbour on 2024-03-05. It is assembled by the crew of the port.",
    ],
    [
      "Der Turmkran wird am 5. März 2024 an den Hafen geliefert",
      "Der Turmkran wird am 05.03.2024 an den Hafen geliefert.",
      "Wann wird der Turmkran geliefert?",
    ],
    [
      "Die Dosis von Amoxil beträgt 1,5 mg pro Kilogramm und Tag",
      "Die Dosis von Amoxil beträgt 1,5 mg pro Kilogramm und Tag.",
    ],
    [
      "The dose of Amoxil is 1.5 mg per kilogram and day",
      "Die Dosis von Amoxil beträgt 1,5 mg pro Kilogramm und Tag.",
      "What is the dose of Amoxil?",
    ],
    [
      "The Turmkran costs 30,000 euros ex works",
      "Der Turmkran kostet 30.000 Euro ab Werk.",
      "What does the Turmkran cost?",
    ],
    ["Der Turmkran kostet 30 000 Euro ab Werk", "Der Turmkran kostet 30.000 Euro ab Werk.", "Was kostet der Turmkran?"],
    ["La grue coûte 30000 euros départ usine", "La grue coûte 30 000 euros départ usine."],
    [
      "The harbour's revenue of the crane business was 1.5 million euros in 2023",
      "The harbour's crane business had a revenue of 1,500,000 euros in 2023.",
    ],
    [
      "The warranty on the tower crane lasts 24 months from delivery",
      "The warranty on the tower crane lasts twenty-four months from delivery.",
    ],
    [
      "The warranty on the tower crane lasts 24 months from delivery",
      "The warranty on the tower crane lasts two years from delivery.",
    ],
    ["The crane office is open until 3 pm on weekdays", "The crane office is open from 9:00 to 15:00 on weekdays."],
    ["The reduced tax rate for cranes is 7 %", "The reduced tax rate for cranes is seven percent."],
    ["The tower crane lifts at most 1,500 kg at the tip", "The tower crane lifts at most 1.5 t at the tip."],
    [
      "The crane office is on the third floor of the harbour building",
      "The crane office is on floor 3 of the harbour building.",
    ],
    [
      "The crane office is on floor 3 of the harbour building",
      "The crane office is on the third floor of the harbour building.",
    ],
    [
      "Plan A costs 20 € monthly",
      "| Plan | Monthly | Yearly |\n|---|---|---|\n| Plan A | 20 € | 200 € |\n| Plan B | 30 € | 300 € |",
    ],
    [
      "Plan B costs €300 yearly",
      "| Plan | Monthly | Yearly |\n|---|---|---|\n| Plan A | 20 € | 200 € |\n| Plan B | 30 € | 300 € |",
    ],
    ["Alpha costs 20 €", "Alpha costs 20 €. Beta costs 30 €. Both are delivered within 5 days."],
    ["Beta costs 30 €", "Alpha costs 20 € and Beta costs 30 €."],
    ["The Alpha crane weighs 20 t", "The Alpha crane lifts 5 t. It weighs 20 t."],
    ["The Alpha crane has a mass of 20 t", "Alpha crane\n\nMass: 20 t\nLift: 5 t"],
    ["The XR-500B weighs 6 kg", "The XR-500A weighs 5 kg. The XR-500B weighs 6 kg."],
    ["Plan A includes support by phone", "Plan A includes support by phone and by mail."],
    ["The plant is certified by ISO 9001", "The plant is certified by ISO-9001 for its pumps."],
    ["The office is reached by calling +49 40 123456", "Call the office: +49 (40) 123-456."],
    ["The seals are not covered by the warranty", "The warranty does not cover the seals."],
    ["The pump may run up to 30 °C", "The pump must not exceed 30 °C."],
    [
      "For your 17 pumps, the warranty lasts 24 months",
      "The warranty of the pump lasts 24 months.",
      "We have 17 pumps. What warranty?",
    ],
    [
      "Nein, der Turmkran kostet nicht 30 Euro, sondern 30.000 Euro ab Werk",
      "Der Turmkran kostet 30.000 Euro ab Werk.",
      "Is the price 30 Euro?",
    ],
    ["The pump weighs 30 kg. The warranty lasts 24 months.", "The pump weighs 30 kg. The warranty lasts 24 months."],
    ["The motor weighs 5 kg [1] and the pump weighs 30 kg", "The pump weighs 30 kg."],
    ["The fee is $25 per month", "The fee is $25^1 per month.\n\n1 without tax"],
    ["The plant treats 1,000,000 litres", "The plant treats 10^6 litres."],
    ["The distance between the cities is 300 km", "المسافة ٣٠٠ كيلومتر بين المدينتين."],
    ["Revenue was 120 million yen", "収益は1億2000万円でした。"],
    ["The reserve is 150,000 rupees for the crane", "The reserve is 1,50,000 rupees for the crane."],
    ["The crane costs 12,500 euros", "El precio de la grúa es de 12.500 euros para el puerto."],
    ["The guarantee on the motors is 36 months", "A garantia é de trinta e seis meses para os motores."],
    ["Returns are possible within 15 days", "Le délai est de quinze jours pour les retours."],
    ["In 2022, sales rose by 40 %", "Sales rose by 40 percent in the year 2022."],
    ["In 2023, the profit was 12 %", "Revenue 2023 was strong, with a profit of 12 %."],
    ["The crane weighs 1.5 t", "| Item | Weight (kg) |\n| Crane | 1500 |\n| Hook | 20 |"],
    ["The office is near the second gate", "There are three gates. The office is near the second gate."],
    ["First, check the seals: worn seals are replaced", "The moon pump has a motor. Worn seals are replaced."],
    ["The fair is from 3 May to 9 May 2024", "The fair opens on 3 May 2024 and closes on 9 May 2024."],
    ["It works between −5 °C and 40 °C", "Temperature: -5 °C to 40 °C"],
    ["Delivery takes 5 to 7 days", "Delivery takes 5–7 days in the whole country."],
    ["50 % of the cranes are blue", "Half of the cranes are blue."],
    [
      "You can return it within 30 days, and the pump has a warranty of 24 months",
      "The warranty of the blue pump lasts 24 months from the day of delivery. It covers the motor, the seals and the cable. Worn seals are replaced free of charge. Returns are taken within 30 days.",
    ],
    ["The office is on the second floor of the building", "The office is on the second floor of the building."],
    ["The crane has one hook of steel", "The crane has a hook of steel."],
    ["Children take 250 mg", "Dosage: adults take 500 mg; children take 250 mg."],
    ["Adults take 500 mg and children 250 mg", "Dosage: adults take 500 mg; children take 250 mg."],
    [
      "Der Umsatz betrug 2023 15 Mio. Euro",
      "Umsatz in Mio. EUR\n\n| Jahr | Umsatz |\n|---|---|\n| 2022 | 12 |\n| 2023 | 15 |",
    ],
    ["On weekdays it is open from 9:00 to 17:00", "Opening hours: Mon–Fri 9 am – 5 pm, Sat 10 am – 2 pm"],
    ["The meeting starts at 9:30 in the hall", "The meeting starts at half past nine in the hall."],
    ["The deadline is December 31, 2024", "Die Frist endet am 31.12.2024 um 24 Uhr."],
    ["The rate is €1,250.50 per month", "Le tarif est de 1 250,50 € par mois pour les bureaux."],
    ["The rate is EUR 1250.50 per month", "La tariffa è di 1.250,50 € al mese per gli uffici."],
    ["The tank holds 500 ml of water", "The tank holds 0.5 l of water."],
    ["The journey lasts 1.5 hours by train", "The journey lasts 90 minutes by train."],
    ["The phone number is 040 123456", "Phone: 040/123456"],
    ["QM 4711 weighs 3 kg", "The model QM-4711 weighs 3 kg."],
    ["The company has 12 400 employees", "The company employs 12,400 people in 30 countries."],
    ["The length is 12.5 m", "全長は12.5メートルです。"],
    ["The warranty is 24 months", "保修期为二十四个月。"],
    ["The warranty is 24 months", "वारंटी २४ महीने की है।"],
    ["The warranty is 24 months", "보증 기간은 24개월입니다."],
    ["The price is 1.5 million rubles", "Гарантия составляет 24 месяца, цена 1,5 млн рублей."],
    ["The answer 42 stands in line 12", "Answer 42 is stored in line 12 of file a.py."],
    ["Chapter 4 deals with the cranes", "Chapter IV deals with the cranes of the port."],
    ["There are 12 cranes at the harbour", "A dozen cranes stand at the harbour."],
    ["A third of the cranes are blue", "One third of the cranes are blue; 33 % are red."],
    ["In 2024, the interest is 0.5 percentage points higher", "The interest is 0.5 percentage points higher in 2024."],
    ["Der Preis beträgt 1299 Euro", "Der Preis beträgt 1.299,00 EUR inkl. 19 % MwSt."],
  ])("stays: “%s” of “%s”", (said, text, question) => {
    expect(isKept(said, [text], question)).toBe(true);
  });

  it.each<[said: string, text: string, question?: string]>([
    [
      "The tower crane is delivered on 6 March 2024",
      "Delivery notes. The tower crane is delivered to the harbour on 2024-03-05. It is assembled by the crew of the port.",
    ],
    [
      "The tower crane is delivered on 3 May 2023",
      "Delivery notes. The tower crane is delivered to the harbour on 2024-03-05. It is assembled by the crew of the port.",
    ],
    [
      "Der Turmkran wird am 6. März 2024 an den Hafen geliefert",
      "Der Turmkran wird am 05.03.2024 an den Hafen geliefert.",
    ],
    [
      "Die Dosis von Amoxil beträgt 15 mg pro Kilogramm und Tag",
      "Die Dosis von Amoxil beträgt 1,5 mg pro Kilogramm und Tag.",
    ],
    ["Der Turmkran kostet 30 Euro ab Werk", "Der Turmkran kostet 30.000 Euro ab Werk.", "Was kostet der Turmkran?"],
    ["La grue coûte 30 euros départ usine", "La grue coûte 30 000 euros départ usine."],
    [
      "The harbour's revenue of the crane business was 15 million euros in 2023",
      "The harbour's crane business had a revenue of 1,500,000 euros in 2023.",
    ],
    [
      "The warranty on the tower crane lasts 36 months from delivery",
      "The warranty on the tower crane lasts two years from delivery.",
    ],
    ["The crane office is open until 5 pm on weekdays", "The crane office is open from 9:00 to 15:00 on weekdays."],
    ["The tower crane lifts at most 1.5 kg at the tip", "The tower crane lifts at most 1.5 t at the tip."],
    [
      "Plan A costs 30 € monthly",
      "| Plan | Monthly | Yearly |\n|---|---|---|\n| Plan A | 20 € | 200 € |\n| Plan B | 30 € | 300 € |",
    ],
    [
      "Plan A costs 200 € monthly",
      "| Plan | Monthly | Yearly |\n|---|---|---|\n| Plan A | 20 € | 200 € |\n| Plan B | 30 € | 300 € |",
    ],
    [
      "Plan B costs 20 € per month",
      "| Plan | Monthly | Yearly |\n|---|---|---|\n| Plan A | 20 € | 200 € |\n| Plan B | 30 € | 300 € |",
    ],
    ["Alpha costs 30 €", "Alpha costs 20 €. Beta costs 30 €. Both are delivered within 5 days."],
    ["Beta costs 20 euros", "Alpha costs 20 €. Beta costs 30 €. Both are delivered within 5 days."],
    ["Alpha costs 50 €", "Alpha costs 20 €. Beta costs 30 €. Both are delivered within 5 days."],
    ["Both together cost 50 €", "Alpha costs 20 €. Beta costs 30 €. Both are delivered within 5 days."],
    ["Alpha costs 30 €", "Alpha costs 20 € and Beta costs 30 €."],
    ["The warranty of the pump lasts 24 months", "The team has 24 members. The warranty of the pump lasts 36 months."],
    ["The Alpha crane has a mass of 5 t", "Alpha crane\n\nMass: 20 t\nLift: 5 t"],
    ["The XR-500B weighs 5 kg", "The XR-500A weighs 5 kg. The XR-500B weighs 6 kg."],
    ["The XR-500B weighs 5 kg", "The XR-500A weighs 5 kg."],
    ["Plan B includes support by phone and by mail", "Plan A includes support by phone and by mail."],
    ["The plant is certified by ISO 9002 for its pumps", "The plant is certified by ISO 9001 for its pumps."],
    ["The office is reached by calling +49 40 123457", "Call the office: +49 40 123456."],
    ["It needs version 1.1 of the tool", "It needs version 1.10 of the tool."],
    ["The warranty does not cover the seals", "The warranty covers the motor, the seals and the cable."],
    ["Returns are free of charge", "Returns are not free of charge."],
    ["Die Garantie umfasst Dichtungen", "Die Garantie umfasst keine Dichtungen."],
    ["Ja, der Turmkran kostet 30 Euro ab Werk", "Der Turmkran kostet 30.000 Euro ab Werk.", "Is the price 30 Euro?"],
    ["The pump weighs 36 kg. The warranty lasts 24 months.", "The pump weighs 30 kg. The warranty lasts 24 months."],
    ["The motor weighs 5 kg [1] and the pump weighs 31 kg", "The pump weighs 30 kg."],
    ["The fee is $251 per month", "The fee is $25^1 per month.\n\n1 without tax"],
    ["The plant treats 106 litres", "The plant treats 10^6 litres."],
    ["Revenue was 12 million yen", "収益は1億2000万円でした。"],
    ["The crane costs 12.50 euros", "El precio de la grúa es de 12.500 euros para el puerto."],
    ["Returns are possible within 50 days", "Le délai est de quinze jours pour les retours."],
    ["In 2023, sales rose by 40 %", "Sales rose by 40 percent in the year 2022."],
    ["There are 40 % cranes in the harbour", "There are 40 cranes in the harbour."],
    ["The crane weighs 20 kg", "| Item | Weight (kg) |\n| Crane | 1500 |\n| Hook | 20 |"],
    ["The fair opens on 9 May 2024", "The fair opens on 3 May 2024 and closes on 9 May 2024."],
    ["It works between 5 °C and 40 °C", "Temperature: -5 °C to 40 °C"],
    ["Delivery takes 6 days", "Delivery takes 5–7 days in the whole country."],
    ["The office is on the first floor of the building", "The office is on the second floor of the building."],
    ["The office is on the first floor of the building", "The office is on the 2nd floor of the building."],
    ["The crane has two hooks of steel", "The crane has three hooks of steel."],
    ["The crane has one hook of steel", "The crane has three hooks of steel."],
    ["Children take 500 mg", "Dosage: adults take 500 mg; children take 250 mg."],
    ["Der Umsatz betrug 2023 12 Millionen Euro", "Der Umsatz betrug 2022 12 Mio. Euro und 2023 15 Mio. Euro."],
    ["Der Umsatz betrug 2023 12 €", "| Jahr | Umsatz |\n|---|---|\n| 2022 | 12 € |\n| 2023 | 15 € |"],
    ["The revenue of 2023 was 12 €", "Year: 2022 Revenue: 12 €\nYear: 2023 Revenue: 15 €"],
    ["The deadline is December 30, 2024", "Die Frist endet am 31.12.2024 um 24 Uhr."],
    ["The rate is EUR 1250.05 per month", "La tariffa è di 1.250,50 € al mese per gli uffici."],
    ["The tank holds 500 ml of water", "The tank holds 500 l of water."],
    ["QM-4712 weighs 3 kg", "The model QM-4711 weighs 3 kg."],
    ["The company has 30 employees in the countries", "The company has 12,400 employees in 30 countries."],
    ["The warranty is 36 months", "保修期为二十四个月。"],
    ["Der Preis beträgt 129,90 Euro", "Der Preis beträgt 1.299,00 EUR inkl. 19 % MwSt."],
  ])("goes: “%s” of “%s”", (said, text, question) => {
    expect(isKept(said, [text], question)).toBe(false);
  });

  it("of several passages stays where they say it together, each a part of it", () => {
    const passages = ["The motor weighs 5 kg.", "The pump weighs 7 kg."];
    expect(isKept("The motor weighs 5 kg and the pump 7 kg", passages)).toBe(true);
    expect(isKept("The motor weighs 5 kg and the pump 8 kg", passages)).toBe(false);
    expect(isKept("The motor weighs 6 kg and the pump 7 kg", passages)).toBe(false);
    expect(isKept("The motor weighs 5 kg", passages.toReversed())).toBe(false);
  });
});
