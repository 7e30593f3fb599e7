/** Words of questions and of their answers, in the languages of the relevance sets and their neighbours. */

/** Whole words, and after them parts of text in scripts without spaces. */
const words = (alternatives: string, unspaced = "(?!)") =>
  new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${alternatives})(?![\\p{L}\\p{M}\\p{N}])|${unspaced}`, "iu");

export const dates = words(
  String.raw`when|(?:what|which) (?:\p{L}+ )?(?:year|date|day|month|time|century|decade|season)s?|(?:from|since|until) when|wann|welche[mnsr]? (?:jahr|datum|tag|monat|jahrhundert|jahrzehnt)|cu[áa]ndo|qu[ée] (?:año|fecha|día|mes|siglo|década)|quand|quelle (?:année|date)|quando|(?:che|quale|em que) (?:anno|ano|data)|когда|как(?:ом|ого|ой) (?:году|года|год|веке|месяце|дата)|متى|(?:أي|اي|أية) (?:عام|سنة|تاريخ|يوم|شهر|قرن|عقد)|कब|(?:किस|कौन ?-?से) (?:वर्ष|साल|सन|सन्|तारीख|तिथि|दिन|महीने|शताब्दी|दशक)`,
  "何时|何時|哪(?:一|个|几)?(?:年|天|月|日)|哪个?世纪|什么(?:时候|时间|日期|年)|几月|几年|几号|いつ|何年",
);
export const amounts = words(
  String.raw`how (?:many|much|long|old|far|large|big|tall|high|deep|wide|fast|often|heavy|small|thick|late|early)|what (?:is |was |are )?(?:the )?(?:\p{L}+ )?(?:percent|percentage|number|price|cost|amount|size|share|rate|temperature|depth|height|weight|length|speed|population|salary|fee|limit|maximum|minimum|capacity)|what (?:does|do|did) .{1,80} (?:cost|weigh)|was (?:kostet|kosten|kostete|wiegt)|wie ?(?:viele?[rn]?|lange?|alt|weit|groß|gross|hoch|tief|oft|schwer|schnell|teuer|häufig)|wieviele?|welche[rn]? (?:prozentsatz|anzahl|preis|höhe|betrag|anteil|temperatur)|cu[áa]nt[oa]s?|qué (?:porcentaje|cantidad|número|precio|tamaño|altura|temperatura)|combien|quant[oiae]s?|сколько|сколькими|скольких|(?:каков[аоы]?|как(?:ой|ое|ая)) (?:\p{L}+ )?(?:численность|цена|высота|площадь|сумма|доля|стоимость|процент|возраст|количество|число|температура|скорость|расстояние|размер|счет|счёт)|[بو]?كم|ما (?:هو |هي |هما |كان |كانت )?(?:عدد|نسبة|سعر|مقدار|مساحة|ارتفاع|طول|عمر|متوسط|المساحة|العدد|النسبة)|कितन(?:े|ी|ा)|क्या (?:संख्या|प्रतिशत|कीमत)`,
  "多少|几(?:个|次|支|名|人|位|种|家|座|层|倍|场|分)|多大|多长|多久|多高|多远|多深|多重|多快|百分之|幾|いくつ|いくら|何人|何個",
);
export const persons = words(
  "who|whom|whose|(?:which|what) (?:company|firm|person|employee|supplier|manufacturer|contractor|colleague)|welche (?:firma|person)|welches unternehmen|qué (?:empresa|persona)|quelle (?:entreprise|société|personne)|wer|wem|wen|wessen|quién|quiénes|quien|qui|chi|quem|кто|кого|кому|кем|чей|чьё|чья|чьи|من (?:هو|هي|هم|الذي|التي|كان|كانت|قام|قاد)|لمن|किसने|कौन(?! ?-?स[ाीे])|किसको|किस(?:की|का)|किसके द्वारा",
  "^من (?!أي|أين|خلال)|谁|哪一?位|誰|だれ",
);
export const places = words(
  "where|wo|wohin|woher|dónde|donde|adónde|où|dove|onde|где|куда|откуда|(?:what|which) (?:city|country|state|place|town|region)|أين|(?:أي|أية) (?:مدينة|دولة|بلد|مكان|منطقة|ولاية|قارة)|कहाँ|कहां|किस (?:देश|शहर|स्थान|जगह|राज्य|क्षेत्र)",
  "哪里|哪儿|何处|在哪(?!一|年|天|月|场|方面|种|些|位|届)|哪(?:一个|一座|座|个)?(?:城市|国家|地方|大陆|地区|州|城镇)|どこ",
);
export const reasons = words(
  "why|how (?:do|does|did|can|could|should|is|are|was|were)|warum|wieso|weshalb|wie (?:wird|werden|kann|können|wurde|ist|sind)|por qué|cómo|pourquoi|comment|perch[ée]|come|почему|зачем|как(?! (?:зовут|звали|называ|назвал|фамилия|имя))|لماذا|كيف|क्यों|कैसे",
  "(?<![称名作成认视改叫])为什么|为何|如何|怎么|怎样|なぜ|どう",
);
export const names = words(
  "which|what (?:is|was|are|were) the names?|welche[rsnm]?|cuál|cuáles|quel(?:le)?s?|quale|qual|какой|какая|какие|какое|каких|каком|какую",
);

/** What only all rows of a table together say. */
export const aggregates = words(
  String.raw`total|sum|altogether|average|mean|median|most|least|fewest|(?:cheap|dear|high|low|larg|small|bigg|heavi|light|long|short|old|young|great|new|fast|slow)est|insgesamt|zusammen|gesamt\p{L}*|summe|durchschnitt\p{L}*|am \p{L}+sten|(?:teuer|billig|günstig|größ|klein|höch|niedrig|schwer|leicht|läng|kürz)ste[nrsm]?|suma|promedio|media|más|menos|somme|moyenne|plus|moins|всего|сумма|средн\p{L}*|сам(?:ый|ая|ое|ые)|مجموع|متوسط|أكثر|أقل|कुल|औसत|सबसे`,
  "总共|一共|合计|平均|最",
);

const unit = (asked: string, written: string) => ({
  asked: new RegExp(`(?<![\\p{L}\\p{N}])(?:${asked})`, "iu"),
  written: new RegExp(written, "iu"),
});

/** Days, as parts of a pattern. */
const weekdays = [
  "(?:mon|tues|wednes|thurs|fri|satur|sun)days?\\b|\\b(?:daily|weekend|weekdays?|tomorrow|today|easter|christmas)\\b",
  "(?:mon|diens|donners|frei|sams|sonn)tags?\\b|mittwochs?|wochenende|werktag|täglich",
  "lunes|martes|miércoles|jueves|viernes|sábado|domingo|laborable|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
].join("|");
const monthNames = [
  "\\b(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|aug|sept?|oct|nov|dec)\\b",
  "januar|februar|märz|\\bmai\\b|\\bjuni\\b|\\bjuli\\b|oktober|dezember",
  "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
  "janvier|février|\\bmars\\b|avril|juin|juillet|août|septembre|octobre|novembre|décembre",
].join("|");
const periods =
  "(?:\\d|\\p{L}{2,9}) (?:(?:working|calendar|business) )?(?:days?|weeks?|months?|years?|hours?|(?:werk|arbeits)?tage[ns]?|wochen?|monate?n?|jahren?|stunden?|días|semanas|meses|años|horas|jours|semaines|mois|ans|heures)\\b";

/**
 * What a question asks for, and what shows that a sentence has it: the unit of an amount, a day, a phone number. The first one counts:
 * "how much does it weigh" asks for a weight, not a price.
 */
export const units = {
  weight: unit(
    "how heavy|(?:what is the )?weights?(?!\\p{L})|how much (?:does|do|did) .{1,60} weigh|wie schwer|cuánto pesa|сколько весит|多重",
    "\\d\\s?(?:g|t)\\b|(?<!\\p{L})(?:kg|lbs?|oz)\\b|weight|gewicht|(?<!\\p{L})(?:milli|kilo)?gram|kilo|tonne|(?<!\\p{L})tons?\\b|pound|pfund|onza|(?<!\\p{L})libras?\\b|тонн|грамм|килограмм|公斤|吨|克",
  ),
  age: unit(
    "how old|(?:what|which) age|wie alt|(?:welches|welchem) alter|qué edad|cuántos años|quel âge|à quel âge|quanti anni|che età|сколько (?:ему|ей|им)? ?лет|какой возраст|कितने साल का|多大年纪|几岁",
    "year|(?<!\\p{L})(?:age[ds]?|old|born)\\b|centur|month(?!ly)|jahr|(?<!\\p{L})(?:mindest|höchst)?alters?\\b|geboren|años|(?<!\\p{L})edad|naci[óod]|\\bans\\b|âgé|\\bnée?\\b|(?<!\\p{L})anni\\b|\\bnat[oa] (?:nel|il)\\b|год|лет|возраст|родил|سنة|عام|عمر|वर्ष|साल|आयु|उम्र|岁|年",
  ),
  duration: unit(
    "how (?:long|many (?:hours|days|weeks|months|years|minutes))|wie lange|cuánto (?:tiempo|dura)|cuántos (?:días|meses|horas)|combien de temps|quanto (?:tempo|dura)|как долго|сколько (?:лет|времени|дней|месяцев)|多久|कितने (?:दिन|साल|वर्ष|समय)",
    "(?<!(?:once|twice|times) an? |every |each |per |every \\p{L}+ |every \\d+ )(?:second|minute|hour|(?<!\\p{L})day|week|month(?!ly)|year(?!ly))|decade|centur|(?<!\\p{L})age[ds]?\\b|sekunde|stunde|(?<!\\p{L})(?:werk|arbeits|kalender|feier|urlaubs|kranken|ferien|sonn)?tage?[ns]?\\b|woche|monat|jahr|segundo|minuto|(?<!\\p{L})horas?\\b|día|semana|(?<!\\p{L})mes(?:es)?\\b|año|siglo|(?<!\\p{L})jours?\\b|mois|\\ban(?:s|née)|heure|giorn|(?<!\\p{L})ann[oi]\\b|(?<!\\p{L})mes[ei]\\b|секунд|минут|(?<!\\p{L})час(?:а|ов|ы)?(?!\\p{L})|(?<!\\p{L})дн(?:я|ей|и)(?!\\p{L})|день|недел|месяц|(?<!\\p{L})год(?:а|у|ов|ы|ом)?(?!\\p{L})|(?<!\\p{L})лет(?!\\p{L})|ثانية|دقيقة|ساعة|يوم|أسبوع|شهر|سنة|عام|सेकंड|मिनट|घंट|दिन|सप्ताह|महीन|वर्ष|साल|秒|分|时|天|周|月|年|日|\\d\\s?(?:s|h|min|d)\\b",
  ),
  money: unit(
    "(?:what is the |the )?(?:prices?|costs?|fees?|salary|salaries|budgets?)(?!\\p{L})|how (?:much (?:does|do|did|is|are|was|money)|expensive)|wie teuer|(?:was|wie viel) kostet|preis|cuánto (?:cuesta|cuestan|costó)|precio|combien (?:coûte|ça coûte)|(?<!grand )prix|quanto costa|prezzo|сколько стоит|цена|多少钱",
    "[$€£¥₽₹]|\\b(?:eur|euro|usd|dollar|gbp|pound|chf|franken|yen|rub|dólar|peso|cent|kr|nok|sek|dkk)(?:e?s)?(?!\\p{L})|доллар|рубл|евро|دولار|يورو|रुपय|डॉलर|美元|欧元|元|\\d\\s?p\\b|pence|pfund|\\d[.,]\\d\\d\\b(?![.,/-]\\d)|price|preis|precio|\\bfree\\b|kostenlos|gratis",
  ),
  length: unit(
    "how (?:deep|tall|wide|far|thick)|(?:what is the )?(?:depth|height|width|distance|altitude)|wie (?:tief|breit|weit|dick) (?:ist|sind|war)|qué (?:profundidad|altura|distancia)|глубина|высота|多高|多深|多远|कितनी ऊंच|कितना ऊंच",
    "\\d\\s?(?:m|ft|mi|nm)\\b|\\d\\s?in\\b(?!\\s\\p{L})|(?<!\\p{L})(?:km|cm|mm|in m)\\b|met(?:er|re)|kilomet|feet|foot|\\binch|\\bmiles?\\b|yard|fathom|storey|floor|(?<!\\p{L})metros?\\b|(?<!\\p{L})pies\\b|zoll|meile|метр|مت|قدم|كيلومتر|मीटर|फीट|किलोमीटर|米|公里|英尺|英里|[£$€]|\\beuros?\\b|\\beur\\b|prozent|percent|%",
  ),
  phone: unit(
    "(?:phone|telephone|fax|mobile) number|telefonnummer|número de teléfono|numéro de téléphone|номер телефона",
    "(?<![\\p{L}\\d])[+(]?\\d(?:[ ()/-]?\\d){5,}",
  ),
  address: unit("(?:e-?mail|mail) address|e-?mail-?adresse|correo electrónico|adresse e-?mail", "@"),
  page: unit(
    "(?:which|what) page|auf welcher seite|en qué página|à quelle page|на какой странице",
    "(?<!\\p{L})(?:pages?|seiten?|páginas?|страниц[аеу]) \\d",
  ),
  clock: unit(
    "(?:at )?what time (?:does|do|did|is|are|can)|um wie ?viel uhr|a qué hora|à quelle heure",
    "\\d{1,2}[:.]\\d\\d|\\d\\s?(?:[ap]\\.?m\\b|uhr|h\\b)|o['’]clock|noon|midnight|mittag|mitternacht|mediodía|medianoche|midi|minuit",
  ),
  contact: unit(
    "how (?:do|can|could|should) (?:i|we|you) (?:contact|reach|get in touch with)|wie (?:erreiche|kontaktiere|erreichen|kontaktieren) (?:ich|wir)|cómo (?:contacto|contactar|puedo contactar)|comment (?:contacter|joindre)",
    "@|(?<![\\p{L}\\d])[+(]?\\d(?:[ ()/-]?\\d){4,}|www\\.|https?:|\\b(?:write to|call|phone|e-?mail|desk|schreib\\p{L}*|ruf\\p{L}* |telefon|escrib\\p{L}*|llam\\p{L}*|écri\\p{L}*|appel\\p{L}*)",
  ),
  version: unit(
    "(?:which|what) (?:\\p{L}+ )?(?:version|release)|welche \\p{L}*version|qué versión|quelle version",
    "\\d\\.\\d|\\bv(?:ersion|ersión)?[ .]?\\d",
  ),
  day: unit(
    "(?:on )?(?:which|what) (?:week)?days?(?! of the (?:month|year))|(?:by|until|till) (?:when|what date|which date)|when is the deadline|(?:an|am|bis zu) welche[mn] (?:wochen)?tag|bis wann|qué día|hasta cuándo|(?:quel|à quel) jour|jusqu['’]à quand",
    `${weekdays}|${monthNames}|${periods}|\\b[12]\\d{3}\\b|\\d{1,2}[./:]\\d|\\d\\s?[ap]\\.?m\\b|noon|midnight`,
  ),
  share: unit(
    "what (?:percent|percentage|proportion|share)|welche[rn]? (?:prozentsatz|anteil)|wie viel prozent|qué (?:porcentaje|proporción)|какой процент|نسبة|百分之|कितने प्रतिशत",
    "%|percent|per cent|prozent|por ciento|процент|بالمئة|بالمائة|प्रतिशत|百分|half|third|quarter|hälfte|drittel|viertel|mitad|tercio|\\b(?:one|two|three|\\d+) (?:in|of|out of) |\\d/\\d|\\d\\.\\d",
  ),
  temperature: unit(
    "(?:at )?what temperature|how (?:hot|cold|warm)|welche[rn]? temperatur|qué temperatura|какая температура|температура",
    "°|degree|(?<!\\p{L})grad(?:os?)?\\b|градус|درجة|डिग्री|度|celsius|fahrenheit|kelvin|\\d\\s?[ck]\\b",
  ),
} as const;

/** An answer with one of these is recognised by its form. */
export const unitsWithForm: ReadonlySet<keyof typeof units> = new Set([
  "phone",
  "address",
  "page",
  "clock",
  "day",
  "contact",
  "version",
]);
/** In a question for one of them, the answer need not have these: "Phone: +44 1539 555 0171". */
export const formWords = new Set(
  "number address page time day date deadline nummer adresse seite uhr tag wochentag número dirección página hora día numéro heure jour".split(
    " ",
  ),
);

/** Words that ask or stand in any question, and say nothing of its subject. PostgreSQL has no stop words for some languages. */
export const askingWords = new Set(
  `who whom whose when where why which what how many much long is are was were do does did the of
  wer wem wen wann wo warum wieso weshalb welche welcher welches welchen welchem wie viele viel lang lange was ist sind war waren hat haben
  quién quien quiénes cuándo cuando dónde donde qué que cuál cual cuáles cuánto cuántos cuánta cuántas cómo como fue es son era
  qui quand où pourquoi quel quelle quels quelles combien est
  кто кого кому кем когда где куда почему зачем какой какая какое какие каких каком какую сколько что чем как чего является был была было были
  من متى أين لماذا كيف كم ما ماذا أي هل هو هي كان كانت الذي التي في على إلى عن مع التى
  कौन किस किसने किसे किसको कब कहाँ कहां क्यों कैसे क्या कितने कितना कितनी है हैं था थी थे का की के को से में पर ने और एक यह वह किया गया गई गए हुआ होता होती होते करने लिए द्वारा कर रहा
  谁 什么 何时 哪里 哪个 哪些 多少 如何 为什么 几个 哪年 怎样 什么时 么时 时候 是什 的是 了什 在哪 个是 被称 些是 是哪`.split(
    /\s+/,
  ),
);

/** Asking words of other languages that are nouns in English. */
export const englishNouns = new Set(["war", "son", "hat"]);

/** In a question for an amount, these ask for its unit, and the answer need not have them: "The pump weighs 40 kg". */
export const measuringWords = new Set(
  `deep tall wide far heavy old expensive thick cost costs weigh weighs
  alt hoch tief breit weit schwer teuer dick kostet kosten kostete wiegt wiegen
  cuesta cuestan pesa coûte coûtent pèse costa costano стоит стоят весит`.split(/\s+/),
);

/** Verbs and adverbs of any question, which a row or an item of a list need not repeat. */
export const lightWords = new Set(
  `come comes take takes taken place get gets got have has had give given need needs needed should must may use used often happen happens called
  gibt bekomme bekommt bekommen kommt brauche braucht brauchen soll sollte muss müssen darf oft heißt heisst
  hay tiene tienen debe deben llama llaman necesita faut doit doivent appelle avoir besoin souvent`.split(/\s+/),
);

/** Without those that are articles, too. */
export const numberWords = new Set(
  `one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half quarter third dozen twice once double several none free
  einmal zweimal dreimal zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig hundert tausend million millionen milliarde milliarden hälfte drittel viertel
  dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta cien ciento mil millón millones mitad tercio
  deux trois quatre cinq sept huit neuf dix cent mille
  один два две три четыре пять шесть семь восемь девять десять двадцать тридцать сто тысяча тысяч миллион миллионов миллиард половина
  اثنان اثنين ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة عشر مائة ألف مليون مليار نصف ثلث ربع
  दो तीन चार पांच पाँच छह सात आठ नौ दस सौ हजार लाख करोड़ मिलियन अरब आधा`.split(/\s+/),
);

/** How often something is, which is no date. */
export const frequencyWords = new Set(["once", "twice", "einmal", "zweimal", "dreimal"]);

export const months = new Set(
  `january february march april may june july august september october november december jan feb apr aug sept oct nov dec
  januar februar märz mai juni juli oktober dezember
  enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
  janvier février mars avril juin juillet août septembre octobre novembre décembre
  января февраля марта апреля мая июня июля августа сентября октября ноября декабря январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре
  يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
  जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर`.split(/\s+/),
);

/** A number of four digits after one of these is a year. */
export const beforeYears = new Set(
  "in since until year im seit jahr jahre jahren en desde año años depuis nel в году عام سنة सन सन्".split(" "),
);

/** A sentence that begins with one of these is about the sentence before it. */
export const pronouns =
  /^(?:he|she|it|they|this|these|those|that|its|their|his|her|er|sie|es|diese[rsmn]?|dies|ihre?|seine?|он|она|оно|они|это|él|ella|ellos|esto|este|esta|estos|il|elle|ils|elles|cette|ce|و?(?:هو|هي|هم|هذا|هذه)|वह|वे|यह|ये|उन्होंने|उसने|इसने|(?:उस|इस|उन|इन)(?:के|की|का|में|से|को)?)(?![\p{L}\p{M}\p{N}])|^(?:[他她它]|这(?!一年|年))/iu;

/** A sentence that begins with one of these limits the sentence before it, which is wrong without it. */
export const exceptions =
  /^(?:however|but|except|unless|this does not apply|jedoch|aber|allerdings|ausgenommen|dies gilt nicht|das gilt nicht|sin embargo|pero|excepto|salvo|cependant|mais|sauf|однако|но|кроме|لكن|إلا|लेकिन|परंतु)(?![\p{L}\p{N}])|^(?:但|然而)/iu;

/** "How many floors": the noun. */
export const countings =
  /(?<![\p{L}\p{N}])(?:how many|wie ?viele|cuánt[oa]s|combien (?:de |d['’])|quant[ei]|quant[oa]s|сколько)\s*(?<noun>\p{L}+)/iu;

/** Words of one kind, each with its forms: a sentence about the first year says nothing of the second one. */
const kinds = (text: string): readonly ReadonlySet<string>[] =>
  text
    .trim()
    .split("\n")
    .map((line) => new Set(line.trim().split(/\s+/)));
export const rivals: readonly (readonly ReadonlySet<string>[])[] = [
  kinds(`first 1st erste ersten erster erstes primer primero primera premier première
    second 2nd zweite zweiten zweiter zweites segundo segunda deuxième seconde
    third 3rd dritte dritten dritter drittes tercer tercero tercera troisième
    fourth 4th vierte vierten vierter viertes cuarto cuarta quatrième
    fifth 5th fünfte fünften fünfter fünftes quinto quinta cinquième`),
  kinds(`monday mondays montag montags lunes lundi
    tuesday tuesdays dienstag dienstags martes mardi
    wednesday wednesdays mittwoch mittwochs miércoles mercredi
    thursday thursdays donnerstag donnerstags jueves jeudi
    friday fridays freitag freitags viernes vendredi
    saturday saturdays samstag samstags sábado sábados samedi
    sunday sundays sonntag sonntags domingo domingos dimanche
    weekend weekends wochenende fin`),
  kinds(`january januar enero janvier
    february februar febrero février
    march märz marzo mars
    april abril avril
    june juni junio juin
    july juli julio juillet
    august agosto août
    september septiembre septembre
    october oktober octubre octobre
    november noviembre novembre
    december dezember diciembre décembre`),
  kinds(`minimum minimal mindestens mindest mínimo mínima
    maximum maximal höchstens höchst máximo máxima`),
  kinds(`last latest previous letzte letzten letzter letztes última último dernier dernière
    next nächste nächsten nächster nächstes próxima próximo prochain prochaine`),
  kinds(`open opens opened opening
    close closes closed closing`),
  kinds(`deep deeper depth tief tiefe tiefer profundidad profundo profondeur profond
    long longer length lang länge longitud longueur
    wide wider width breit breite breiter anchura largeur
    tall taller height höhe altura hauteur
    thick thicker thickness dick dicke dicker grosor espesor épaisseur`),
  kinds(`standard basic basis básico
    premium deluxe plus`),
  kinds(`buyer buyers käufer käufers comprador acheteur
    supplier suppliers seller sellers lieferant verkäufer proveedor vendedor fournisseur vendeur`),
  kinds(`landlord lessor vermieter arrendador bailleur
    tenant lessee mieter arrendatario locataire`),
  kinds(`daily täglich tägliche täglichen diario diaria quotidien quotidienne
    weekly wöchentlich wöchentliche wöchentlichen semanal hebdomadaire
    monthly monatlich monatliche monatlichen mensual mensuel mensuelle
    quarterly vierteljährlich vierteljährliche trimestral trimestriel
    annual annually yearly jährlich jährliche jährlichen anual annuel annuelle`),
  kinds(`paid bezahlt bezahlten bezahlter pagado payé
    unpaid unbezahlt unbezahlten unbezahlter impagado`),
  kinds(`early frühe früher frühen temprano
    late späte später späten tardío
    night nacht noche nuit`),
  kinds(`spring frühling frühjahr primavera printemps
    summer sommer verano été
    autumn fall herbst otoño automne
    winter invierno hiver`),
  kinds(`morning morgens vormittag mañana matin
    afternoon nachmittag tarde
    evening abend abends soir`),
  kinds(`north northern norden nördlich nördliche nördlichen norte septentrional nord
    south southern süden südlich südliche südlichen sur meridional sud
    east eastern osten östlich östliche östlichen este oriental est
    west western westen westlich westliche westlichen oeste occidental ouest`),
  kinds(`arrival arrive arrives ankunft llegada arrivée
    departure depart departs abfahrt abflug salida départ`),
  kinds(`gross brutto bruto brut
    net netto neto`),
  kinds(`import imports einfuhr importación importation
    export exports ausfuhr exportación exportation`),
  kinds(`men male männer männlich hombres hommes
    women female frauen weiblich mujeres femmes`),
  kinds(`adult adults erwachsene erwachsenen adulto adultos adulte adultes
    child children kinder kind niño niños enfant enfants
    senior seniors senioren
    student students studenten estudiante estudiantes étudiant étudiants`),
  kinds(`two zwei dos deux 2
    three drei tres trois 3
    four vier cuatro quatre 4
    five fünf cinco cinq 5
    six sechs seis 6
    seven sieben siete sept 7
    eight acht ocho huit 8
    nine neun nueve neuf 9
    ten zehn diez dix 10
    twelve zwölf doce douze 12`),
];
