import type { CheckName } from '../../../sim';
import type { Patch, ProseLine } from '../../mail/patch';
import { sentences } from '../../mail/sentences';

/** A failure that the mail says its patch ends. */
export interface Claim {
	readonly check: CheckName;
	/** The sentence, or the subject, that says so. */
	readonly text: string;
}

interface Kind {
	readonly check: CheckName;
	readonly said: RegExp;
}

/**
 * The field's own words for kinds of failures, in the order in which one is taken where a mail has several: what is broken in the end goes before how it
 * came to that.
 */
const KINDS: readonly Kind[] = [
	{ check: 'sleep-in-atomic', said: /\bsleep\w*[ -](?:in|while|under|inside|with)[ -](?:an? |the |holding )*(?:\w+[ -])?(?:atomic|interrupt|irq|spin|rcu|lock\b)|sleeping function called|scheduling while atomic|\bsleep-in-atomic/i },
	{ check: 'irq-unsafe-lock', said: /\binconsistent lock state|\birq lock inversion|\{?IN-(?:HARD|SOFT)IRQ|\birq-safe -> |\b(?:deadlock\w*|lock)\b[^.]{0,80}\b(?:interrupt(?:s|ed)?|irqs?|softirqs?|bh)\b[^.]{0,60}\b(?:same lock|enabled|context|handler)/i },
	{ check: 'unlock-not-held', said: /\bdouble un-?lock|\bbad unlock balance|\bun-?lock\w*\b[^.]{0,40}\b(?:twice|not held|imbalance)|\bunbalanced un-?lock/i },
	{ check: 'lock-held-at-return', said: /\b(?:miss(?:ing|ed|es)|forg[eo]ts?|forgotten|without|fail(?:s|ed|ing)? to|never|not)\b[^.]{0,40}(?:\b|_)un-?lock(?!ed)\w*|\bun-?lock\b[^.]{0,40}\bon (?:the |an? )?(?:error|fail)/i },
	{ check: 'deadlock', said: /\bdead-?lock\w*|\block-?up|\b(?:hang|hung|hangs|stuck)\b|\b(?:waits?|blocks?|sleeps?|loops?|spins?|stuck|asleep) (?:for ?ever|indefinitely|endlessly)|\binfinite(?:ly)? (?:loop|wait)\w*|\bcircular lock|\block inversion|\brecursive lock|\blost wake-?up|\bmiss\w*\b[^.]{0,30}\bwake-?up|\bnever (?:woken|wakes?|complete[sd]?|return)|\bstall(?:s|ed)?\b|\bhung task|\bblocked for more than/i },
	{ check: 'refcount-leak', said: /\bref\w*[ -]?(?:count\w*)?[ -]leak|\bleak\w*\b[^.]{0,60}\b(?:ref\w*|kref|of_node|device_node|usage count|node)\b|\b(?:ref(?:erence|count)?s?|of_node|device_node|krefs?)\b[^.]{0,60}\bleak|\b(?:ref\w*|usage|PM|runtime) (?:counter |count )?imbalance/i },
	{ check: 'refcount-underflow', said: /\bref\w*\b[^.]{0,40}\bunderflow|\bunderflow\b[^.]{0,40}\bref/i },
	{ check: 'use-after-free', said: /\buse[- ]?after[- ]?(?:free|release)|\buaf\b|\bdouble[- ]?(?:k)?free|\bfreed? twice|\baccess\w*\b[^.]{0,30}\bfreed\b|\bfreed\b[^.]{0,40}\b(?:while|before|still|under)\b|\b(?:already|been|was|is|gets?|being) freed\b|\bdangling\b|\bstale pointer/i },
	{ check: 'stale-mapping', said: /\bstale (?:pte|mapping|page table|tlb|entr)|\bstill mapped\b|\bpage_mapped\b/i },
	{ check: 'data-race', said: /\bdata[- ]?rac(?:e|es|y)|\bKCSAN\b|\b(?:memory|missing|write|read) (?:memory )?barrier|\bstore tearing|\bload tearing/i },
	{ check: 'lost-data', said: /\blist corruption|\bcorrupt(?:s|ed|ion|ing)?\b|\blost (?:update|write|data)|\bdata loss\b|\bloses?\b[^.]{0,30}\b(?:update|data|write|event)|\boverwrit\w+|\bclobber\w*/i },
	{ check: 'check-then-act', said: /\brac(?:e|es|ed|ing|y)\b|\bconcurren(?:t|tly|cy)\b|\bTOC-?TOU\b|\bin parallel\b|\bsimultaneous/i },
];

/** Where one of these stands in the sentence, it speaks of what is not, or of what was before. */
const DENIED = /\b(?:no|not|never|cannot|can't|without|isn't|won't|doesn't|don't|impossible|unlikely)\b[^.;,]{0,30}$/i;

/** What the mail claims to end, the most telling first: what its subject says, then its text. */
export function claims(patch: Pick<Patch, 'subject' | 'prose' | 'from'>): readonly Claim[] {
	const subject: ProseLine = { text: patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, ''), input: patch.from, author: 'changelog' };
	const found = new Map<CheckName, Claim>();
	const all = [...sentences([subject]), ...sentences(patch.prose)];
	for (const { check, said } of KINDS) {
		for (const { text } of all) {
			const match = said.exec(text);
			if (!match || DENIED.test(text.slice(0, match.index))) continue;
			found.set(check, { check, text });
			break;
		}
	}
	return [...found.values()];
}
