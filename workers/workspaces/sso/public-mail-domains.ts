/** Where anybody gets an address: no organisation's, whoever could change their DNS. */
const domains =
  "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de mail.de posteo.de mailbox.org tutanota.com tuta.io fastmail.com hey.com zoho.com mail.com email.com inbox.com yandex.com yandex.ru ya.ru mail.ru bk.ru list.ru inbox.ru rambler.ru qq.com 163.com 126.com yeah.net sina.com sohu.com foxmail.com aliyun.com naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz btinternet.com sky.com virginmedia.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net shaw.ca rogers.com bigpond.com optusnet.com.au rediffmail.com uol.com.br bol.com.br terra.com.br mailinator.com guerrillamail.com yopmail.com 10minutemail.com temp-mail.org duck.com simplelogin.com";
const known = new Set(domains.split(" "));
/** Some of these houses under the names of countries. */
const houses = /^(yahoo|hotmail|outlook|live|ymail)\.(com?\.)?[a-z]{2}$/;

/** Whether addresses of a domain belong to whoever asked for one. */
export const isPublicMail = (domain: string) => known.has(domain) || houses.test(domain);
