import { fold, stemOf } from "../../text/words.ts";

// What people say in other words than documents do. Everyday and office language; a line holds words that may stand for each other.

const groups = `
keep retain hold preserve store save maintain
store storage save stored
delete remove erase discard wipe destroy
cancel terminate quit revoke withdraw cancellation termination
price cost fee charge rate tariff amount expense
pay payment remuneration
salary wage pay payroll earnings remuneration
buy purchase acquire order procure
sell sale vend
begin start commence launch open
end finish stop cease close conclude expire
file document paper paperwork record
rule policy regulation guideline
doctor physician
ill sick unwell illness sickness disease
holiday vacation leave
car vehicle automobile
worker employee staff personnel workforce
boss manager supervisor superior
colleague coworker teammate member
firm company business enterprise employer corporation
customer client visitor buyer guest patron shopper
rude impolite uncivil insulting abusive discourteous
polite courteous civil kind
hit strike beat whip punch thrash
rich wealthy affluent fortune
poor poverty destitute
money cash funds dollar
profit margin gain earnings
loss lose deficit
boast brag blab
publish disclose reveal tell announce publicize
secret confidential private
advertisement ad advert advertise promotion commercial
guarantee surety security endorse warrant warranty
surety suretiship suretyship endorser
debt credit loan owe borrow
grocery food eat provision
clothes clothing wear garment apparel
give donate donation charity almsgiving alms
venture business enterprise undertaking
tobacco cigar cigarette smoke weed
alcohol liquor drink wine
quit stop cease abandon
give hand distribute
allow permit let permitted allowed may
forbid prohibit ban forbidden prohibited
must need require required obligatory mandatory
help assist support aid assistance
repair fix mend
broken faulty defective damaged
return refund reimburse reimbursement repay
ask request apply
answer reply respond response
send mail post dispatch deliver ship submit
delivery shipping dispatch shipment
receive get obtain
show display present
hide conceal
big large huge
biggest largest maximum max most highest upper
small little tiny
smallest minimum least lowest
limit maximum cap restriction
fast quick rapid speed
slow delayed
begin born birth
birth born
die death dead decease
wife husband spouse marry marriage
child kid son daughter
house home building residence dwelling
live reside inhabit dwell
work job employment occupation
job profession trade vocation occupation career
boat ship vessel
street road lane avenue
town city
picture image photo photograph figure illustration
phone telephone cellphone
email mail address
site website page web
login sign password
password passcode credential
user account member
create make build add establish
found establish create start
founder establish start
invent devise develop create patent
write author compose
author writer write
change alter modify edit adjust update
choose select pick
fill complete
check verify examine inspect review
test try examination
look resemble
find discover locate
rent lease
sue lawsuit litigation
law act statute legislation
tax duty levy
insurance cover coverage
accident injury
hurt injured injury harm
emergency urgent
doctor medical
medicine drug medication
pregnant maternity pregnancy
father paternity
baby newborn infant
dead deceased late
fire dismiss terminate discharge dismissal sack
hire engage employ recruit appoint
leave quit resign resignation notice
raise rise increase salary
more increase additional extra
less decrease reduce lower reduction
train training course
school education
teach instruct train
learn study
trip travel journey
flight plane airline
hotel accommodation lodging
lunch meal
break pause rest
late overdue delay
deadline due date
daily day
weekly week
monthly month
yearly annual year annum
twice two
often frequent frequency every
complain complaint grievance
fault error mistake defect bug
problem trouble issue
danger hazard risk dangerous
safe safety secure
protect guard shield
lock secure
bin trash garbage waste rubbish
garbage waste
toilet restroom bathroom
elevator lift
flat apartment
floor storey level
garden yard
pet dog animal
dog animal
film movie
shop store
open opening
close shut
format type extension kind
upload add import
download export
share invite
log record
crash die fail failure
outage downtime
backup copy
restore recover
copy duplicate
free nothing gratis
discount reduction rebate
bill invoice
card credit
bank account
sign signature
agreement contract
vote election
leader head president chairman chief ceo director
head leader chief lead director
length duration last term period
headquarter headquartered
nickname nicknamed called
name call
called known named
population inhabitant
area size
height tall high
weight weigh heavy
length long
depth deep
width wide broad
age old
language tongue
war battle conflict
kill slay murder slaughter
king monarch ruler
eat feed consume diet food
noise sound
colour color
grow raise cultivate
area region
rain rainfall precipitation
temperature degree
mobile portable cellphone
illegal unlawful
overtime extra
hour time schedule
schedule timetable
parking park
proverb maxim saying motto
wedding marriage
salesman seller vendor
supplier vendor
guess estimate
kündigen kündigung kündigungsfrist
frist dauer zeitraum
preis kosten gebühr kostet betrag
urlaub ferien
auto fahrzeug wagen
mitarbeiter angestellte beschäftigte
coste costo precio cuesta cuota tarifa
prix coût tarif coûte frais
стоит стоимость цена
срок период
가격 요금 비용 값
価格 料金 値段
价格 费用 价钱
سعر تكلفة رسوم ثمن
`;

/** Phrases of a question and the words that documents have for them. */
const phrases: [RegExp, string][] = (
  [
    ["(?:hang|hold) (?:on to|onto)", "keep"],
    ["(?:get|getting|got) rid of|throw (?:away|out)", "delete"],
    ["log(?:ged|ging)? (?:in|on)", "sign"],
    ["sign(?:ed|ing)? up", "register"],
    ["(?:give|gave|given|giving) up", "quit"],
    ["(?:put|putting) up with", "tolerate"],
    ["(?:get|got|getting) (?:my|our|your|the) money back", "refund"],
    ["(?:time|days?) off", "leave"],
    ["call(?:ing)? in sick", "sick leave"],
    ["(?:look|looks|looked) like", "resemble"],
    ["(?:be|get|got|getting) paid", "payment"],
    ["(?:end|ended) up", ""],
    ["all told|in all|altogether", ""],
    ["(?:come|came|comes|coming) out", "release"],
    ["(?:set|setting) up", "configure"],
    ["(?:find|found|finding) out", "learn"],
    ["(?:run|ran|running) out", "expire"],
    ["(?:use|used) to(?= [a-z])", ""],
    ["(?:what|who) (?:is|was) behind", "created"],
    ["(?:what|which) noise", "noise"],
    ["(?:how|what) (?:is|are) .{1,80} called", "called"],
  ] as const
).map(([pattern, words]) => [new RegExp(`\\b(?:${pattern})\\b`, "g"), words]);

const synonyms = new Map<string, Set<string>>();
for (const line of groups.split("\n")) {
  const stems = fold(line).split(/\s+/).filter(Boolean).map(stemOf);
  for (const stem of stems) synonyms.set(stem, new Set([...(synonyms.get(stem) ?? []), ...stems]));
}

/** Whether a word may stand for another, by their stems. */
export const areSynonyms = (a: string, b: string): boolean => synonyms.get(a)?.has(b) ?? false;

/** A folded question with the words that documents have for its phrases. */
export function withPlainWords(folded: string): string {
  return phrases.reduce((text, [pattern, words]) => text.replace(pattern, words), folded);
}
