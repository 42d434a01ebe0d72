import { describe, expect, it } from "vitest";
import { supportOf } from "./citation-support.ts";

describe("a claim", () => {
  it.each([
    ["Gwarancja obejmuje szkody wodne pompy", "Gwarancja nie obejmuje szkód wodnych pompy."],
    ["Гарантия покрывает повреждения водой", "Гарантия не покрывает повреждения водой."],
    ["Garanti su hasarını kapsar", "Garanti su hasarını kapsamaz."],
    ["Bảo hành bao gồm hư hỏng do nước", "Bảo hành không bao gồm hư hỏng do nước."],
    ["Η εγγύηση καλύπτει ζημιές από νερό", "Η εγγύηση δεν καλύπτει ζημιές από νερό."],
    ["الضمان يغطي أضرار المياه في المضخة", "الضمان لا يغطي أضرار المياه في المضخة."],
    ["वारंटी पानी से हुए नुकसान को कवर करती है", "वारंटी पानी से हुए नुकसान को कवर नहीं करती है।"],
    ["รับประกันครอบคลุมความเสียหายจากน้ำ", "รับประกันไม่ครอบคลุมความเสียหายจากน้ำ"],
    ["האחריות מכסה נזקי מים במשאבה", "האחריות אינה מכסה נזקי מים במשאבה."],
    ["보증은 물로 인한 손상을 보장합니다", "보증은 물로 인한 손상을 보장하지 않습니다."],
    ["It is unsafe to open the cover", "It is safe to open the cover."],
    ["The fee is refundable for guests", "The fee is non-refundable for guests."],
    ["At least 5 people are required for the tour", "At most 5 people are required for the tour."],
    ["Mindestens 5 Personen nehmen teil", "Höchstens 5 Personen nehmen teil."],
    ["Не менее 5 человек участвуют", "Не более 5 человек участвуют."],
    ["至少5人参加", "最多5人参加。"],
    ["More than 100 visitors came that day", "Fewer than 100 visitors came that day."],
    ["The form is due before 5 March", "The form is due after 5 March."],
    ["All employees receive the yearly bonus", "Some employees receive the yearly bonus."],
    ["Sales rose by 5 % in 2023", "Sales fell by 5 % in 2023."],
    ["Les ventes ont augmenté de 5 %", "Les ventes ont baissé de 5 %."],
    ["Smoking is allowed in the hall", "Smoking is prohibited in the hall."],
    ["Alpha bought Beta in 2020", "Beta bought Alpha in 2020."],
    ["Alpha was bought by Beta in 2020", "Alpha bought Beta in 2020."],
    ["Alpha ist größer als Beta", "Beta ist größer als Alpha."],
    ["The train goes from Berlin to Hamburg daily", "The train goes from Hamburg to Berlin daily."],
    ["Louis XVI was king of France for long", "Louis XIV was king of France for long."],
    ["Henry VII married six wives in his life", "Henry VIII married six wives in his life."],
    ["Python 3.1 has pattern matching", "Python 3.10 has pattern matching."],
    ["The iPhone 15 has a titanium frame", "The iPhone 15 Pro has a titanium frame."],
    ["The RTX 4070 has 16 GB of memory", "The RTX 4070 Ti has 16 GB of memory."],
    ["The ratio of men to women is 2:3", "The ratio of men to women is 3:2."],
    ["The call starts at 15:00 EST", "The call starts at 15:00 CET."],
    ["The warranty covers water damage", "The warranty covers fire, but not water damage."],
  ])("is not supported by its contrary: “%s” of “%s”", (claim, text) => {
    expect(supportOf(claim, text)).toBe("no");
  });

  it.each([
    ["Returns are not possible after 30 days", "Returns are impossible after 30 days."],
    ["The tour takes at most 5 people", "The tour takes no more than 5 people."],
    ["Не более 5 человек участвуют", "Максимум 5 человек участвуют."],
    ["Sales rose by 5 % in 2023", "Sales increased by 5 % in 2023."],
    ["Sales rose by 5 % in 2023", "Sales fell by 3 % in 2022. Sales rose by 5 % in 2023."],
    ["Beta was bought by Alpha in 2020", "Alpha bought Beta in 2020."],
    ["Anna and Bernd work in Berlin", "Bernd and Anna work in Berlin."],
    ["The seat of Alpha is Berlin", "Berlin is the seat of the company Alpha."],
    ["Between 5 and 10 people take part", "At least 5 and at most 10 people take part."],
    ["All doors are open on Sunday", "On Sunday, all doors are open; some shops are closed."],
    ["Three quarters of the guests pay by card", "75 % of the guests pay by card."],
    ["Zwei Drittel der Gäste zahlen mit Karte", "66,7 % der Gäste zahlen mit Karte."],
    ["A copy costs 50 cents per page", "A copy costs $0.50 per page."],
    ["The ISBN of the book is 9783161484100", "The ISBN of the book is 978-3-16-148410-0."],
    ["v1.10 fixes the login bug", "Version 1.10 fixes the login bug."],
    ["The RTX 4070 has 12 GB of memory", "The RTX 4070 has 12 GB of memory, the RTX 4070 Ti has 16 GB."],
    ["The call starts at 3 pm ET", "The call starts at 3 pm EST."],
    [
      "He had problems with his passes that season",
      "Despite problems with his passes that season, he did not lose one game.",
    ],
    ["The European Court recognised European law as binding", "The European Court recognised European law as binding."],
    [
      "In 1973, Nixon named Simon as head of the office, a short-term body",
      "In 1973, Nixon named Simon as head of the office, a short-term body. In 1974, Nixon named Simon as head of a body.",
    ],
    [
      "Short led the team in sacks with 11, while forcing three fumbles",
      "Short led the team in sacks with 11, while forcing three fumbles and recovering two. Davis forced four fumbles while Short led the team.",
    ],
  ])("stays where the same is said otherwise: “%s” of “%s”", (claim, text) => {
    expect(supportOf(claim, text)).toBe("yes");
  });
});
