/** English said back: persons turned round, nothing else changed. */

const [wordsAtLeast, wordsAtMost] = [3, 20]

/** A clause without a full stop, beginning in lower case where English does; null where it would not read as English. */
export function mirrorEnglish(passage: string): string | null {
  const whole = clauseOf(passage)
  if (whole !== null) return whole
  // "I demand a refund, it never worked": what is told beside a wish is said back without it.
  const clauses = passage.split(/,\s+|\s+(?:and|but|so)\s+(?=(?:i|we|it|you|they|the|my|nobody)\b)/iu)
  return clauses.length > 1
    ? (clauses
        .filter((clause) => amiss.test(clause))
        .map(clauseOf)
        .find(Boolean) ?? null)
    : null
}

/** What a clause must have in it to be the matter by itself. */
const amiss =
  /\b(?:never|not|\w+n't|nobody|no one|nothing|keeps? \w+ing|broken?|cracked|late|wrong|lost|missing|twice|snapped|fell|hung up|overcharged|forgot|without|instead|supposed to|meant to|was due|stopped|crash\w*|cancelled|ruined)\b/iu

function clauseOf(passage: string): string | null {
  const plain = opened(calm(passage).replaceAll('’', "'").replace(/\s+/gu, ' ').trim())
  if (
    plain === null ||
    !/^(?:[\w ,.'$€£%/&+-]|(?<=\d):(?=\d))+$/u.test(plain) ||
    /\b(?:u|ur|r|w|pls|plz|lol|omg|wtf|smh|tho|cuz|bc|trynna|tryna|wanna|cos|coz|thru|yrr|bro|abt)\b/iu.test(plain)
  )
    return null
  const words = plain.split(' ').map(spelled)
  if (words.length < wordsAtLeast || words.length > wordsAtMost) return null
  const clause = words.join(' ')
  if (
    notTold.test(clause.replace(bookish, '$1 ')) ||
    nameAndI.test(clause) ||
    !begins.test(clause) ||
    !finite.test(clause) ||
    dangling.test(clause)
  )
    return null
  if (asidesOpen.test(clause)) return null
  const turned = turn(words)
  return turned === null ? null : unkept(turned.join(' '))
}

/** A promise told in a complaint was not kept; said back alone, it would sound like a new one (P16). */
function unkept(clause: string): string {
  const isPromise =
    /^(?:we|our \w+|the \w+|somebody|someone) (?:had )?(?:promised|said (?:you|we|it|they|somebody|someone)|told you (?:you|we|it|they|somebody|someone|that))\b/iu
  return isPromise.test(clause) && !/\b(?:but|not|never|nobody|no one|\w+n't|instead|yet|and|only)\b/iu.test(clause)
    ? `${clause}, and that hasn't happened`
    : clause
}

/** What is shouted is not shouted back. */
function calm(text: string): string {
  return /[a-z]/u.test(text)
    ? text.replace(/\b(?:AGAIN|NEVER|STILL|TWICE|NOBODY|NOTHING|ALWAYS|EVERY|VERY|NOT|NO)\b/gu, (word) =>
        word.toLowerCase(),
      )
    : text.toLowerCase()
}

const before =
  /^(?:(?:(?:oh )?(?:great|wonderful|perfect|lovely|brilliant|fantastic|awesome|nice)(?=,)|hi|hello|hey|well|so|and|but|also|now|then|plus|yet|ugh|seriously|honestly|sorry|ok|okay|look|listen|unfortunately|sadly|even(?= the)|basically|apparently|actually|again|because|since|however|anyway|first|second|firstly|secondly|first of all|btw|by the way|as usual|once again|yet again|(?:it's )?(?:not a big deal|no rush|no hurry|nothing big),? but|no rush|um|uh|just a (?:quick )?note|note|fyi|heads up|the problem is(?: that)?|the issue is(?: that)?|it seems(?: that)?|guys|folks|team|there)\b[,:]?\s+)+/iu
/** "Hi, Tom from the bakery here, …": who speaks is on the card. */
const introducing =
  /^(?:(?:hi|hello|hey)[, ]+)?(?:(?:this is|it's|i'm|i am) )?\p{Lu}\w+ (?:from|at|of) [\w ]{2,30}?(?: here)?,\s*/u
const after =
  /(?:[\s,]+(?:please|thanks|thank you|though|tho|again please|fyi|guys|folks|lol|and|but|so|or|because|yet|still|and then|to boot))+$/iu

/** Without what leads up to it and trails off; "Ordered a lamp, got a vase" has lost only its "I". */
function opened(text: string): string | null {
  const bare = text
    .replace(/^["'“(\s]+|["'”)\s,.:-]+$/gu, '')
    .replace(/^(?:@\w+[\s,:]*)+/u, '')
    .replace(introducing, '')
    .replace(before, '')
    .replace(/\byou (?:guys|people|lot|folks)\b/giu, 'you')
    .replace(after, '')
    .trim()
  if (bare === '' || /[@#]|https?:|www\./u.test(bare)) return null
  if (/^still (?:no|nothing|not a)\b/iu.test(bare)) return `there's ${lower(bare)}`
  if (
    /^no (?:reply|response|answer|one|refund|update|word|sign|news|help)\b(?!.*\b(?:is|was|has|have|had|came|did|does|answers|replied|answered|replies)\b)/iu.test(
      bare,
    )
  )
    return `there's ${lower(bare)}`
  if (/^(?:still|just|been|waiting|waited|on hold)\b/iu.test(bare)) return elided(lower(bare))
  if (/^(?:can't|cannot|cant|couldn't|could not|unable to) \w/iu.test(bare))
    return `I ${lower(bare).replace(/^unable/u, 'am unable')}`
  if (/^(?:parcel|package|order|delivery|refund|flight|luggage)\b/iu.test(bare)) return `my ${lower(bare)}`
  if (/^(?:(?:second|third|fourth|fifth|sixth|\d+(?:nd|rd|th)) time|day \w+)\b/iu.test(bare))
    return `this is the ${lower(bare)}`.replace('the day', 'day')
  if (/^(?:app|site|website|driver|courier|waiter)\b/iu.test(bare)) return `the ${lower(bare)}`
  if (
    /^(?:never (?:received|got|heard)|(?:haven't|have not) (?:received|got|heard|had)|(?:ordered|received|paid|got|bought|tried|called|emailed|was|had|lost|missed|spent|sat|stood|booked|returned|logged|opened|spoke|wrote|asked|been)\b)/iu.test(
      bare,
    )
  )
    return bare.toLowerCase().startsWith('been ') ? elided(lower(bare)) : `I ${lower(bare)}`
  return bare
}

function elided(bare: string): string | null {
  if (/^(?:still |just )?(?:waiting|on hold|stuck|sitting)\b/u.test(bare)) return `I'm ${bare}`
  if (
    /^been (?:an?|over|about|almost|nearly|more than|\d+|two|three|four|five|six|several) (?:\w+ ){0,2}(?:hour|day|week|month|year)/u.test(
      bare,
    )
  )
    return `it's ${bare}`
  if (/^(?:still |just )?been\b/u.test(bare)) return `I've ${bare}`
  return /^waited\b/u.test(bare) ? `I ${bare}` : null
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}

const spellings: Record<string, string> = {
  ...{ i: 'I', im: "I'm", ive: "I've", "i'm": "I'm", "i've": "I've", "i'd": "I'd", dont: "don't", cant: "can't" },
  ...{ wont: "won't", didnt: "didn't", doesnt: "doesn't", isnt: "isn't", wasnt: "wasn't", hasnt: "hasn't" },
  ...{
    havent: "haven't",
    couldnt: "couldn't",
    arent: "aren't",
    werent: "weren't",
    wouldnt: "wouldn't",
    thats: "that's",
  },
}

function spelled(word: string): string {
  return spellings[word.toLowerCase()] ?? word
}

// Wishes, advice, conditions, praise and irony tell of no event; "you can" and "when you" speak of people in general.
const notTold =
  /\b(?:(?:my|our|his|her|their) \w+ and (?:I|me)|if|whenever|demand|demanded|request|insist|deserve|refuse|not paying|would|wouldn't|should|shouldn't|could|may|might|must|hope|hoping|wish|want|please|let me|let's|maybe|perhaps|think|thought|guess|feel|love|loved|pleased|happy|satisfied|lovely|great|awesome|nice|amazing|wonderful|fantastic|excellent|perfect|brilliant|congrats|congratulations|best|thanks|thank|kudos|shame|joke|you (?:can|have to|need|know|better|get|guys|people|all|really|clearly|obviously|just)|how|what|why|who|whose|which|where|i'd|i'll|you'd|you'll|we'll|we'd|going to|gonna|as usual|imagine|ever|used to|hate|remember|any of|i need|we need|needs to|need to|worst|than ever|not sure|more like)\b/iu
// "Ann and I": who that is, is not for us to turn round.
const nameAndI = /^(?:[A-Z]\w+ and (?:I|me)\b|(?:I'm|I am) (?:\p{Lu}\w+ ?){1,3}$)/u
// "Nobody told me it would be closed" tells, for all its "would".
const bookish = /^((?:nobody|no one) (?:told|warned) .+?) would /iu
const begins =
  /^(?:I|I'm|I've|we|we've|we're|my|our|your|you|you're|you've|the|this|these|that|those|it|it's|they|he|she|nobody|no one|someone|somebody|everything|nothing|there's|there is|there are|there was|half|none|not one|neither|one|two|three|some|all|every|both|a|an|parcel|package|order|delivery|app|site|website|driver|courier|refund|support|service|flight|[a-z]+s (?=(?:don't|do not|aren't|are not|won't|never|keep|fail)\b))/iu
const finite =
  /\b(?:am|is|are|was|were|has|have|had|does|do|did|can't|cannot|isn't|aren't|wasn't|weren't|hasn't|haven't|hadn't|doesn't|don't|didn't|won't|came|got|went|sent|lost|broke|took|told|said|kept|keeps?|left|made|gave|paid|cut|put|threw|fell|hung|sat|stood|swore|arrives?|crashes|freezes|closes|fails|leaks|stops|answers|replies|works|closes|opens|starts|loads|sends|calls|knows|cares|lets|takes|shows|says|say|heard|hears|burst|shrank|tore|split|bent|spilt|forgot|brought|found|shut|covers|blocks|hides|ignores|flickers|refuses|overheats|drains|rattles|skips|lags|loses|eats|deletes|resets|disappears|forgets|wrote|leads|points|smells|costs|makes|causes|prevents|ruins|goes|gets|comes|becomes|squeaks|hangs|keep|cost|it's|there's|\w+ed|I'm|I've|we've|we're|you've|you're)\b/iu
// Ends on the word that another should follow, or leaves out the verb that was said before.
const dangling =
  /\b(?:the|a|an|my|your|our|to|of|for|with|and|or|but|at|on|from|by|that|is|are|was|were|has|have|had|not|hasn't|haven't|didn't|doesn't|isn't|wasn't|weren't|don't|can't|won't|i|we|you|they|so|very|still|just|even|no|two|since|after|until|because|as|than|like|too)$/iu
const asidesOpen =
  /^(?:it|that|this|they|those|these|he|she|there's)\b(?! (?:never|\w+n't) \w)(?: \S+){0,2}$|,\s*(?:it's|i'm|that's) (?!day|the \d|\d|been|my|only|now)/iu

const you: Record<string, string> = {
  ...{ I: 'you', "I'm": "you're", "I've": "you've", me: 'you', my: 'your', mine: 'yours', myself: 'yourself' },
  ...{
    we: 'you',
    "we're": "you're",
    "we've": "you've",
    us: 'you',
    our: 'your',
    ours: 'yours',
    ourselves: 'yourselves',
  },
}
const ours: Record<string, string> = {
  your: 'our',
  yours: 'ours',
  "you're": "we're",
  "you've": "we've",
  yourselves: 'ourselves',
}
const agreeing: Record<string, string> = { am: 'are', was: 'were', "wasn't": "weren't" }
/** After these, `you` is who it was done to; before those, it is who did it. */
const toYou =
  /^(?:to|from|with|by|at|for|of|on|told|asked|called|emailed|mailed|messaged|contacted|wrote|gave|paid|sent|reached|informed|notified|given|phoned|rang)$/iu
const youDid =
  /^(?:are|were|have|had|did|do|don't|didn't|haven't|aren't|weren't|never|still|sent|charged|cancelled|canceled|lost|took|told|said|promised|kept|keep|say|says|claim|want|left|made|gave|forgot|refused|billed|delivered|shipped|put|changed|closed|ignored|blocked|\w+ed)$/iu

function turn(words: readonly string[]): string[] | null {
  const turned: string[] = []
  for (const [i, word] of words.entries()) {
    const [, bare = word, mark = ''] = /^(.*?)([,.]*)$/u.exec(word) ?? []
    const key = bare.toLowerCase()
    const known = you[bare] ?? you[key] ?? ours[key]
    if (known !== undefined) turned.push(known + mark)
    else if (key === 'you') {
      const who = turnYou(words[i - 1]?.replace(/,$/u, '') ?? null, words[i + 1] ?? null)
      if (who === null) return null
      turned.push(who + mark)
    } else if (agreeing[key] !== undefined && spelled(words[i - 1] ?? '') === 'I') turned.push(agreeing[key] + mark)
    else turned.push(i === 0 ? lowerFirst(bare) + mark : word)
  }
  return turned
}

function turnYou(last: string | null, next: string | null): string | null {
  if (last !== null && toYou.test(last)) return 'us'
  return next !== null && youDid.test(next) ? 'we' : null
}

/** Names keep their capital: only the words that `begins` knows get here. */
function lowerFirst(word: string): string {
  return /^[A-Z][a-z']*$|^A$/u.test(word) ? word.toLowerCase() : word
}
