import { isHan } from './fold.ts'

/** The words that carry how a thing is said rather than what about. */
export const frame = new Set(
  `a an the this that these those my your our his her its their i you he she it we they me him us them myself yourself
someone anyone somebody anybody nobody everyone everybody something anything nothing everything one ones who whom whose
which what when where why how is are was were be been being am isn't aren't wasn't weren't isnt wasnt arent werent do
does did don't doesn't didn't dont doesnt didnt done doing have has had haven't hasn't hadn't havent hasnt having will
would can could may might must shall should ought won't wouldn't can't cannot couldn't shouldn't wont wouldnt cant
couldnt shouldnt i'm im i'd id i've ive i'll ill you're youre you'd you've you'll we're we've we'd we'll they're they've
it's it'd that's thats there's there here let let's lets and or but if because so than then as while until unless
although though since after before when whenever whether of in on at by for with about against between into through to
from up down out off over under again still yet already just only also too very really quite so much many more most less
least few little some any no not never none both either neither each every all another other such own same now soon ever
always often sometimes maybe perhaps please pls plz thanks thank hi hello hey ok okay yes no lol need needs needed want
wants wanted like likes liked love loved wish wishes hope use used using try tried trying get gets got getting go goes
went going come comes came make makes made making give gives gave take takes took keep keeps kept put say says said tell
tells told ask asks asked know knows knew think thinks thought see sees saw look looks looking find found work works
worked working help show add allow support enable include provide remove change fix set turn open close send call pay
buy bought order ordered book booked wait waited waiting stop stopped start started seem seems feel feels happen
happened good great nice bad better best worse worst new old easy hard big small able possible sure wrong right first
last next second third time times day days week weeks month hour hours minute minutes year today tomorrow yesterday
option way feature problem issue question error ? ! # #x #th @someone http`.split(/\s+/),
)

/**
 * The frame of a sentence, with its content taken out: "please add a button to the menu" → `please add a _ to the _`.
 * Half of what tells a suggestion from a question lies in it, and it is the same in trades that no example is of.
 */
export function skeletonOf(tokens: string[]): string[] {
  const spaced = tokens.filter((token) => !isHan(token.charCodeAt(0)))
  return spaced.length < 2 ? [] : ['^', ...spaced.map((token) => (frame.has(token) ? token : blankFor(token))), '$']
}

/** Whether a place of a skeleton is a blank: blanks alone say nothing. */
export const isBlank = (place: string): boolean => place[0] === '_'

function blankFor(token: string): string {
  if (token.length < 5) return '_'
  if (token.endsWith('ing')) return '_ing'
  if (token.endsWith('ed')) return '_ed'
  if (token.endsWith('ly')) return '_ly'
  if (token.endsWith('est')) return '_est'
  if (token.endsWith('er')) return '_er'
  if (token.endsWith('tion')) return '_tion'
  return token.endsWith('s') ? '_s' : '_'
}
