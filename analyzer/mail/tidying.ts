import type { Patch, ProseLine } from './patch';
import { sentences } from './sentences';

/** A mail says outright that its patch changes nothing that matters. */
const CHANGES_NOTHING = /\bno (?:intended |visible )?(?:functional|behaviou?ral) (?:change|impact|effect|difference)|\bno change (?:in|of|to) (?:the )?(?:behaviou?r|functionality|logic|locking)|\b(?:the )?same semantics\b|\bsemantically (?:equivalent|identical|the same)|\bfunctionally (?:equivalent|identical|the same)|\b(?:purely|only|just|merely) (?:a )?cosmetic|\bbehaviou?r (?:is |stays |remains )?(?:unchanged|the same)|\b(?:is|are|was) (?:fine|safe|correct|harmless|ok)(?: there| here| as it is)? (?:today|now|already|currently|at the moment)\b|\bno (?:actual|real|known|such) (?:bug|problem|issue)\b|\bpurely theoretical/i;
const NO_FUNCTIONAL_CHANGE = /\bNFCI?\b(?=[.)\]]|$)/;
/** Titles of what puts code in order: how it is written, not what it does. */
const ORDERLY = /\b(?:simplif\w+|clean(?:ing|s|ed)?[- ]?ups?|tid(?:y|ies|ying)|convert\w*|conversions? (?:of|to)|switch\w* (?:over )?to|renam\w+|factor\w*(?: \w+){0,4} out|refactor\w*|restructur\w+|split\w*|merg(?:e|es|ing)|unif(?:y|ies)|consolidat\w+|constify|document\w*|kernel-?doc|comments?|silence|prepar\w+|(?:redundant|superfluous|unneeded|unnecessary|needless|unused|pointless|open-coded) \w+|early returns?|return early|nesting|indentation|error labels?|helpers?|scoped_\w*|__free|kmemdup\w*|struct_size|array_size|size_add|str\w*cpy|(?:timer_)?container_of|from_timer|cleanup\.h|white-?space|coding style|typos?|usual (?:unwinding|way)|open-?cod\w*|refcount_t|lockdep assertions?|assertions?|annotat\w+)\b|\bguard\(|\bdevm_\w+/i;
/** Titles of what takes something away, and what is said of it when nobody misses it. */
const REMOVES = /^(?:(?:remov|delet)(?:e|es|ing)|drop(?:s|ping)?|kill(?:s|ing)?|zap|get(?:ting)? rid of|retire)\b/i;
const UNUSED = /\b(?:unused|dead code|never (?:been )?(?:used|called|invoked|set|read)|(?:no|any|without|zero|last|lost its|lost their) (?:more |other |remaining |current |in-?tree |known )?(?:users?|callers?|consumers?)|(?:no longer|not|isn't|aren't|hasn't been) (?:used|called|invoked)|(?:nobody|nothing|no one|no driver) (?:else )?(?:uses|calls|needs|reads))\b/i;
/** Titles that say, whatever the rest of them says, that something is put right. */
const RIGHTS = /\b(?:fix\w*|rac(?:e|es|y|ing)|dead-?lock\w*|use[- ]after[- ]\w+|uaf|double[- ]\w+|leak\w*|hang|hung|bug|oops|crash\w*|panic|corrupt\w*|miss(?:ing|ed)|forgotten|wrong|correct|incorrect|properly|ensure|make sure|unsafe|stale|premature\w*|lost|stuck|unbalanced|imbalance\w*|protect|seriali[sz]e|prevent)\b/i;
/** Titles of what may do so. */
const MAY_RIGHT = /irqsave|_sync\b|\bunder (?:the )?\w*lock\b/i;
/** Words of trouble: what goes wrong, or went. */
const TROUBLE = /\b(?:fix\w*|bugs?|buggy|rac(?:e|es|ed|ing|y)|concurren\w*|simultaneous\w*|in parallel|dead-?locks?|live-?locks?|lock-?ups?|use[- ]?after[- ]?(?:free|release|put)|uaf|double[- ]\w*(?:free|put|unlock|lock)|(?:been|be|is|gets?|was|being|already) freed|dangling|stale|leak\w*|crash\w*|oops(?:es)?|panic\w*|corrupt\w*|hangs?|hung|stuck|stall\w*|lost|loses?|wrong\w*|incorrect\w*|broken|splats?|lockdep|KASAN|KCSAN|KMSAN|syzbot|syzkaller|unsafe\w*|unprotected|not protected|violat\w*|illegal|imbalance\w*|unbalanced|underflow\w*|too (?:early|late)|miss(?:ing|ed|es)|forg[eo]t\w*|meanwhile|in between|at the same time|garbage|spurious\w*|unexpected\w*|occasional\w*|sometimes|rare(?:ly)?|random(?:ly)?|intermittent\w*|(?:on|under) (?:fast|slow|heavy|load|stress)\w*|time(?:s|d)? ?-?outs?|torn|tearing|re-?order\w*|must (?:not )?(?:be|hold)|without (?:holding|taking)|(?:atomic|interrupt) context)\b/gi;
/** What stands before such a word in its clause, or behind it, where it is said not to be. */
const DENIED_BEFORE = /\b(?:no|not|never|cannot|can't|without|isn't|won't|doesn't|don't|impossible|unlikely|nobody|nothing|nor|neither|none|false|look for an?|harmless|benign|in case of an?|hints? at|suspect\w*)\b[^.;]{0,60}$/i;
const DENIED_BEHIND = /^[^.;]{0,60}\b(?:harmless|benign|false[- ]positive|not (?:possible|happen|matter)|cannot happen|can't happen|impossible|does not matter|(?:is|are) fine)\b/i;
/** Sentences that say that things are as they were, or of what there is nothing to fear. */
const REASSURING = /\b(?:as (?:it was |they were )?before|still (?:protect\w*|held|holds?|taken|takes?|covers?|covered|under|released?|frees?|freed)|(?:is|are|stays?|remains?) (?:still )?(?:held|protected|unchanged|the same)|harmless|benign|false[- ]positive|no such bug|lockdep assert\w*|lockdep_assert\w*|(?:only|just|merely) (?:used )?(?:for )?(?:a )?(?:statistics?|heuristics?|debugging)|(?:was|is) suspected|harden\w*|exploitab\w*|refcount_t (?:type|API|implementation|is|has|can|will|should|rather|instead|protects?|prevents?|saturates?)|accidental \w*(?:ref\w*|counter) overflows?)\b/i;
/** A commit that is named is not this one. */
const NAMED_COMMIT = /\b(?:[cC]ommit )?[0-9a-f]{8,40} \("[^"]*"\)/g;
/** What a title says of something that is none. */
const DENIED_TITLE = /\b(?:false[- ]positive\w*|data[- ]race annotation\w*|harmless \w+|benign \w+(?: races?)?)\b/gi;
const TRAILER = /^\s*(?:Fixes:\s|Cc:.*\bstable@|(?:Reported-by|Closes|Link):.*syz)/i;

/**
 * Whether the mail is that of a patch that only puts code in order: it says so, or its title does (of what is taken away: and a sentence that nobody uses it), and no sentence of it speaks of trouble, unless to
 * say that there is none. Such a patch may break what it means to leave alone; it ends nothing. A trailer of what is fixed says otherwise.
 */
export function isTidying(patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): boolean {
	if (patch.fixes.length > 0 || patch.prose.some(({ text }) => TRAILER.test(text))) return false;
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '').replace(/^Revert\s*"[^"]*"?/i, 'clean-up: revert');
	const subject: ProseLine = { text: title, input: patch.from, author: 'changelog' };
	// The title of a commit that is named has a colon, where a sentence seems to end.
	const texts = [...sentences([{ ...subject, text: title.replace(PREFIXES, '') }]), ...sentences(patch.prose)].map(({ text }) => text).join('\n').replace(NAMED_COMMIT, '').split('\n');
	if (RIGHTS.test(title.replace(DENIED_TITLE, ''))) return false;
	if (texts.some((text) => CHANGES_NOTHING.test(text) || NO_FUNCTIONAL_CHANGE.test(text))) return true;
	const orderly = ORDERLY.test(title) || (REMOVES.test(title.replace(PREFIXES, '')) && texts.some((text) => UNUSED.test(text)));
	return orderly && !MAY_RIGHT.test(title) && !texts.some(isTrouble);
}

/** What stands before a title's colon is a place, whatever it is called. */
const PREFIXES = /^(?:[\w/.,+-]+(?: [\w/.,+-]+)?: )+/;

/** Whether a sentence speaks of trouble, unless to say that there is none. */
export function isTrouble(text: string): boolean {
	if (REASSURING.test(text)) return false;
	return [...text.matchAll(TROUBLE)].some((match) => !DENIED_BEFORE.test(text.slice(0, match.index)) && !DENIED_BEHIND.test(text.slice(match.index + match[0].length)));
}
