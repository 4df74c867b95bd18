import type { Phrases } from '../knowledge/phrases';
import type { Patch, ProseLine } from './patch';
import { SIGNATURE } from './diff-syntax';
import { isForSpeed, withoutAssurances } from './intent';
import { sentences } from './sentences';
import { isTidying } from './tidying';

/** What the mail says of single functions, and of what they forget, beside who races with whom. */
export interface Sayings {
	/** Functions that may sleep, each with the sentence that says so. */
	readonly sleeping: ReadonlyMap<string, string>;
	/** Functions of a trace, or of a drawn tree of calls, that ends where something sleeps, innermost first. */
	readonly trace: readonly string[];
	/** Functions that take a lock, which their caller may hold: the lock's name where it is told. */
	readonly locking: ReadonlyMap<string, { readonly lock: string; readonly text: string }>;
	/** A lock stays held on some path. */
	readonly lockKept: boolean;
	/** A reference is not dropped on some path. */
	readonly referenceKept: boolean;
	/** A lock is released that is not held. */
	readonly unlockedTwice: boolean;
	/** A reference is dropped that was not taken, or twice. */
	readonly droppedTwice: boolean;
	/** Something is freed twice, or what freed it is told. */
	readonly freedTwice: boolean;
	/** Somebody waits for ever: for a lock, or for who needs one. */
	readonly deadlocks: boolean;
	/** Something sleeps where it must not: the words that say so. */
	readonly atomic: string | null;
	/** Something is used after it was freed. */
	readonly usedFreed: boolean;
	/** There is a title, and trailers perhaps, and no sentence beside them. */
	readonly nothing: boolean;
}

const FUNCTION = String.raw`([A-Za-z_]\w*)\(\)`;
/** Between a function and its verb: no other function, nobody else who does it, no negation. */
const BETWEEN = String.raw`(?:(?!\(\)|\bnot\b|n't\b|\bnever\b|\b(?:and|but|while|so) (?:the|a|an|we|it|this|that|they|others?)\b)[^.;:]){0,60}?`;
const SLEEPS = new RegExp(String.raw`\b${FUNCTION}${BETWEEN}\b(?:(?:may|might|can|could|will|would)(?: \w+ly)?(?: also| then)? (?:sleep|block|schedule)|sleeps|blocks|has (?:the )?potential (?:to )?sleep(?:s|'s)?|(?:can|could) potentially (?:sleep|block)|is (?:a )?(?:sleeping|blocking)|might_sleep|(?:does|calls?|uses?|contains?|ends in)(?: an?)? (?:(?:us?|m|f|usleep_|s)?sleep\w*|schedule(?:_timeout\w*)?|mutex_lock\w*|wait_for_completion\w*|synchronize_\w+)\(|(?:takes?|acquires?|grabs?|locks?|uses?)(?: the| a| an)? (?:[\w>.-]+ )?[\w>.-]*(?:mutex|rwsem|semaphore)\w*)\b`, 'gi');
const NOT_ATOMIC = new RegExp(String.raw`\b${FUNCTION}${BETWEEN}\b(?:must|can|should|may)(?: ?not|n't) be called (?:from|in|with|under|while)\b[^.;]*\b(?:atomic|spin ?lock|interrupt|lock)`, 'gi');
/** `don't call foo() with interrupts disabled` */
const FORBIDDEN = new RegExp(String.raw`\b(?:(?:do|should|must|may|can)(?: ?not|n't)|not allowed to|never|avoid|without|stop|not (?:safe|legal|permitted) to) (?:be )?(?:call(?:ing|s|ed)?|us(?:e|ing)|invok(?:e|ing)) ${FUNCTION}[^.;]{0,40}\b(?:with|in|from|under|while|inside|within|holding)\b[^.;]*\b(?:atomic|spin ?lock\w*|lock\w*|interrupts?|irqs?|rcu|softirqs?)\b`, 'gi');
const LOCKS = new RegExp(String.raw`\b${FUNCTION}${BETWEEN}\b(?:takes?|acquires?|acquiring|grabs?|locks?|tries to (?:take|acquire|grab|lock)|will (?:take|acquire|grab|lock)|needs?|wants?|obtains?|requires?)(?: again)?\b(?:(?!\b(?:and|but|so) (?:the|a|an|we|it)\b)[^.;()]){0,40}?\b(?!\w*(?:dead|un|b)lock)([\w>.-]*(?:lock|mutex|sem))\b`, 'gi');
const SLEEP_SPLAT = /sleeping function called from invalid context|scheduling while atomic|invalid wait context/i;
const RECURSION_SPLAT = /possible recursive locking/i;
/** ` mutex_lock_nested+0x3c/0x58`, ` [<ffff>] foo+0x1/0x2 [module]`, ` ? foo+0x…` is a guess of the unwinder. */
const FRAME = /^\s*(?:\[[^\]]*\]\s*)*(?:\[<[^>]*>\]\s*)?([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+/;
const TRYING = /is trying to acquire lock:/i;
const AT = /\bat:\s*([A-Za-z_]\w*)/;
/** Frames that only tell that something sleeps. */
const MACHINERY = /^(dump_|show_|___?might_|__schedule|schedule|__cant|print_|register_lock_class|lock_acquire|__lock_acquire)/;

const LOCK_KEPT = /\b(?:miss(?:ing|ed|es)|forg[eo]ts?|forgotten|lacks?|without|never|(?:do|did|does|is|are|was)(?: ?not|n't)|fail(?:s|ed|ing)? to|not)\b[^.]{0,50}(?:\b|_)(?:un-?lock\w*|releas\w+ (?:the |this |that |its )?[^.]{0,30}(?:lock|mutex|sem\w*))|(?:\b|_)un-?lock\w*\b[^.]{0,40}\b(?:error|fail\w*|early|return|before|time[sd]?[- ]?out)\b|\b(?:leav|return|exit|bail)\w*\b[^.]{0,60}\bwith\b[^.]{0,40}\b(?:lock|mutex|sem\w*)\b[^.]{0,12}\b(?:held|locked|taken)\b|\b(?:lock|mutex|semaphore|locks)\b[^.]{0,40}\b(?:still held|left (?:locked|held)|remains? (?:held|locked)|(?:is|are) not (?:un-?locked|released))|(?:\b|_)un-?lock\w*(?:\(\))? (?:is|was|are|were|gets) (?:missed|missing|forgotten|skipped|left out|not (?:called|done))|(?:\b|_)(?:lock|mutex|sem\w*)\b[^.]{0,40}\b(?:fail(?:s|ed|ing)? to|(?:do|did|does)(?: ?not|n't)|never|without|forg[eo]ts? to) releas\w+ (?:it|them)\b|inconsistent returns|lock(?:s)? held when returning|still has locks held|\bunbalanced (?:lock|unlock)/i;
const REFERENCE_KEPT = /\b(?:undo|undone|revert\w*)\b(?:[^.]|\.\w){0,50}(?:\+\+|\b(?:count\w*|users|ref\w*)\b)|\b(?:ref\w*|kref|node|device|module|usage|of_node|dev|sock|file|net)[ -]?(?:count(?:er|ing)?s?)?[ -]leak|\b(?:ref(?:erences?|counts?)?|krefs?|(?:of_)?nodes?)\b[^.]{0,60}\bleak(?:s|ed|ing)?\b|\bleak\w*\b[^.]{0,60}\b(?:ref\w*|kref|nodes?|usage count|of_node\w*)\b|\bmissing (?:call (?:to|of) )?(?:\w+_put|put_\w+|fput|dput|iput|\w*_put_\w+)\b|\b(?:forg[eo]ts?|miss\w*|never|not|without|lacks?|should)\b[^.]{0,50}\b(?:\w+_put|put_\w+|fput|dput|iput|drop\w*|releas\w+|put) ?(?:\(\)|the ref\w*|its ref\w*|ref\w*|that ref\w*)|\brefcount incremented\b|\b(?:put_device|kobject_put|device_initialize|kobject_init_and_add|device_register|device_add)\(\)[\s\S]{0,300}\b(?:leak\w*|(?:should|must|needs?|has|have|required)\b[^.]{0,60}(?:put_device|kobject_put)|give up)|\bleak\w*\b[\s\S]{0,400}\b(?:put_device|kobject_put|of_node_put|fwnode_handle_put|dput|iput|fput|pci_dev_put|dev_put|sock_put|module_put|put_task_struct|put_pid|mmput)\(|\b(?:of_node_put|fwnode_handle_put|put_device|pci_dev_put|dev_put|sock_put|put_pid|put_task_struct|module_put|kobject_put|dput|iput|fput|mmput)\(\)[^.]{0,80}\b(?:is|was) (?:missing|needed|required|forgotten|missed)|\bpairing decrement\b|\b(?:PM|usage|refcount|reference count\w*|pm_runtime\w*(?:\(\))?) (?:counter )?(?:imbalance|is (?:imbalanced|unbalanced|not balanced))|\b(?:keep|to keep|make)\b[^.]{0,30}\b(?:usage |ref\w* )?count(?:er)? balanced|\bneeds? to be (?:dropped|put|released|decremented)\b|\bnever (?:put|dropped|released|decremented)\b|\b(?:drop|put|release|give back)\b[^.\n]{0,40}\bref\w*\b[^.\n]{0,30}\b(?:on|in|when|if|after|for)\b[^.\n]{0,40}\b(?:error|fail|early|return)|\btakes? (?:a|one|another) ref\w*\b[^.]{0,60}\b(?:give it back|put it|drop it|release it)\b|\b(?:lost|lacks?|lacking|missing|missed|misses|omit\w*|forg[eo]t\w*|skip\w*|absent) (?:an? |the |of |to )*(?:\w+_put\w*|put_\w+|\w+_unref)\b|\b(?:not|never|n't|without|forg[eo]t\w*|fail\w*)\b[^.]{0,60}\b(?:decrement|decreas|dropp?|releas|reduc|lower|putt?)(?:s|es?|ed|ing)?\b (?:\w+ ){0,3}?(?:ref ?counts?|ref ?counters?|refcnt|references?)\b|\b(?:drop|put|releas\w*|give back|return)\b[^.]{0,40}\bref\w*\b[^.]{0,40}\b(?:lost|los(?:es|er|ing)|lose) (?:the |a |that |this )?(?:race|insert\w*|cmpxchg)/i;

const TWICE = String.raw`(?:redundant|extra|superfluous|spurious|doubled?|duplicated?|unbalanced|unneeded|unnecessary|needless|twice|excess(?:ive)?|imbalanced?|mismatch(?:ed)?|wrong|bogus|unexpected)`;
const UNLOCKED_TWICE = new RegExp(String.raw`\b${TWICE}\b[^.]{0,40}(?:\b|_)un-?lock|(?:\b|_)un-?lock\w*\b[^.]{0,40}\b(?:twice|again|already (?:un-?locked|released)|(?:is|are|was|were)? ?(?:not|n't) (?:held|locked|taken)|imbalance)|bad unlock balance|\b\w*(?:lock|mutex|sem)\b (?:is |was |will be |gets |already |being )*(?:freed|released|unlocked|dropped) (?:already )?(?:in|by) (?:the |its |our |an? )?callers?\b`, 'i');
const DROPPED_TWICE = new RegExp(String.raw`\b${TWICE}\b[^.]{0,40}\b(?:put|\w+_put|put_\w+|fput|dput|drop\w*|releas\w+|decrement\w*|ref\w*)\b|\bref\w*\b[^.]{0,40}\b(?:underflow\w*|imbalance\w*|unbalanced|too (?:many|early|soon)|dropped twice|put twice)|\b(?:not|n't|never)\b[^.]{0,40}\b(?:taken?|acquired?|hold|held|got|get) [^.]{0,30}\bref|\bover-?put|\b(?:put|drop|releas|decrement|decreas)\w*\b[^.]{0,60}\btwice\b|\balready (?:puts?|drops?|releases?|decrements?|decreases?|unrefs?)\b[^.;]{0,40}\b(?:ref\w*|nodes?|count\w*|kref)\b`, 'i');

const FREED_TWICE = /\bdouble[- ]?free|\bduplicated? (?:free\w*|releas\w+)\b|\bdouble (?:\w+_)?k?v?free\w*|\bfreed? (?:\w+ ){0,3}(?:twice|again|a second time)\b|\balready (?:been )?(?:freed|released)\b|\balready (?:frees|releases)\b|\b(?:put_device|device_unregister|device_del|kobject_put|\w+_put)\(\)[^.]{0,60}\b(?:will )?(?:frees?|releases?)\b/i;

const USED_FREED = /\b(?:releas|drop|unlock)\w*[^.]{0,30}\bre-?(?:acquir|tak|lock|gain)\w*[^.]{0,90}\b(?:not (?:correct|safe|allowed|valid)|unsafe|invalid|wrong|incorrect)\b|\buse[- ]?(?:d |s )?after[- ]?(?:free|release)\b|\buaf\b|\bKASAN\b|\bdangling\b|\bstale pointers?\b|\b(?:already |been |was |is |gets? |be |being |just )freed\b|\bfreed (?:memory|object|skb|pointer|by|when|while|before|under|too (?:early|soon))\b|\b(?:access\w*|referenc\w*|dereferenc\w*|us(?:e|es|ed|ing)|touch\w*|read\w*)\b[^.]{0,60}\b(?:after|once)\b[^.]{0,50}\b(?:free[ds]?|put|releas\w+|kfree\w*|destroy\w*|consum\w+|unregister\w*|gone)\b|\b(?:may|might|can|could|will|would)(?: \w+ly| also| then| already)* (?:be freed|have been freed|free (?:the|it|that|this|our)|consume|go away|disappear|vanish)\b|\b0x?6b6b6b|refcount_t: (?:addition on 0|increment on 0|underflow|saturated)/i;

/** Words of a mail about something that sleeps where it must not; with PREEMPT_RT, what spins elsewhere does. */
const ATOMIC = /\bsleep\w*[ -](?:in|while|under|inside|within|with)[ -](?:an? |the |holding )*(?:\w+[ -])?(?:atomic|interrupt|irq|spin|rcu|lock\b)|sleeping function called|scheduling while atomic|invalid wait context|in_atomic\(\)|\b(?:must|can|could|may|should|is) ?(?:not|n't)(?: be)?(?: allowed to| able to)? (?:sleep|block|schedule)|(?:may|might|can|could|will|would|that|which) (?:also )?(?:sleep|schedule|block)s?\b[^.]{0,80}\b(?:spin|atomic|interrupt|irq|softirq|rcu|(?:held|holding|under|hold)\b[^.]{0,40}lock)|\b(?:spin|atomic|interrupt|irq|softirq|rcu)\w*\b[^.]{0,80}\b(?:may|might|can|could|will|would|that|which) (?:also )?(?:sleep|schedule|block)s?\b|PREEMPT_RT|preempt[- ]rt\b/i;
/** Atomic context, of which the mail must also say that something may not be done there. */
const ATOMIC_PLACE = /\b(?:from|in|under|within|inside|out of|outside(?: of)?) (?:an? |the )?(?:atomic|(?:hard|soft)[ -]?irq|interrupt|irq|bh) (?:context|handler)|\braw[_ -]spin|(?:hardware interrupts|irqs|interrupts) (?:being |are |is )?disabled/i;
const NOT_THERE = /\b(?:sleep\w*|schedul\w*|might_sleep|real-?time|RT|bug|splat|warn\w*|invalid|illegal|mutex\w*|rt_?mutex\w*|must not|not allowed|wrong\w*|broken|block\w*|fix\w*)\b/i;
const SPLAT = /possible (?:recursive|circular) locking|\*\*\* ?DEADLOCK|INFO: task .* blocked for more than|rcu: INFO: .*stall|soft lockup|hung task/i;
const DEADLOCK_SUBJECT = /dead-?lock|\b(?:recursive|double|circular|nested) lock|\block\w*[- ](?:inversion|recursion|order\w*|dependenc\w*)|\bab-?ba\b|\b(?:hang|hung|stall|stuck|lockup)\b/i;
/** A subject that says no more than where something is done now: of a dead lock only where the mail speaks of trouble. */
const ELSEWHERE_SUBJECT = /\b(?:under|outside|holding)\b[^.]{0,30}(?:lock|mutex|sem)|\bwith(?:out)? (?:the )?[\w>.-]*(?:lock|mutex|sem)\w* held/i;
const TROUBLE = /\b(?:fix\w*|dead\w*|hang\w*|hung|stall\w*|stuck|lockdep|lock-?up\w*|splat|sleep\w*|blocked|blocking|(?:can|may|might|could|will|would|to|not|n't|and|also|or|then) block|blocks (?:for|on|in|while|until|there)|circular|inver\w*|order\w*|recurs\w*|wait\w*|bug|warn\w*|might_sleep|preempt\w*|schedul\w*|reclaim\w*|cycle|depend\w*|syzbot|trace)\b/i;
/** A sentence that says that there is one, or was. */
const DEADLOCKS = /\b(?:fix\w*|prevent\w*|avoid\w*|resolv\w*|solv\w*|caus\w+|lead\w*|led|result\w*|end\w*|trigger\w*|hit\w*|potential|possible|can|could|may|might|will|would|there(?: i|')s|report\w*|following|self|introduc\w*|detect\w*|creat\w*|get\w*|run\w*)\b[^.]{0,60}\b(?:dead-?lock\w*|hang\w*|hung|(?:blocks?|waits?|stuck|sleeps?) (?:for ?ever|indefinitely))|\bdead-?lock(?:s|ed|ing)?\b[^.]{0,30}\b(?:when|if|because|as|since|between|with|on|in|can|could|may|might|will|occurs?|happens?|here|there)\b|\b(?:ab-?ba|circular (?:lock\w*|dependenc\w*)|lock\w* (?:inversion|recursion)|recursive(?:ly)? lock\w*|double lock\w*)\b|\b(?:take|acquire|grab|lock|obtain)(?:s|n|d|ing)? [^.]{0,60}\b(?:twice|again|already)\b|\balready (?:held|holds?|holding|locked|taken|acquired|owns?)\b|\bnever (?:complete|finish|return|terminate|end|get|make)s?\b/i;
const NO_DEADLOCK = /\b(?:no|not|never|cannot|can't|without|false|isn't|impossible|against)\b[^.]{0,25}\b(?:dead-?lock|recursi|possible)/i;
/** lockdep's report of a lock that an interrupt takes as well. */
const IRQ_SPLAT = /inconsistent lock state|irq lock inversion|irq-safe -> |irq-unsafe/i;

export function sayings(table: Phrases, patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): Sayings {
	const sleeping = new Map<string, string>();
	const locking = new Map<string, { readonly lock: string; readonly text: string }>();
	const subject: ProseLine = { text: patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, ''), input: patch.from, author: 'changelog' };
	const all = [...sentences([subject]), ...sentences(patch.prose)];
	for (const { text } of all) {
		for (const pattern of [SLEEPS, NOT_ATOMIC, FORBIDDEN]) for (const match of text.matchAll(pattern)) if (!sleeping.has(match[1]!)) sleeping.set(match[1]!, text);
		for (const match of text.matchAll(LOCKS)) if (!locking.has(match[1]!)) locking.set(match[1]!, { lock: /\w*$/.exec(match[2]!)![0], text });
	}
	const lines = patch.prose.map(({ text }) => text);
	const words = [subject.text, ...lines].join('\n');
	const trying = lines.findIndex((line) => TRYING.test(line));
	if (RECURSION_SPLAT.test(words) && trying >= 0) {
		const at = lines.slice(trying, trying + 3).map((line) => AT.exec(line)?.[1]).find((name) => name !== undefined);
		if (at && !locking.has(at)) locking.set(at, { lock: '', text: 'lockdep reports that it takes a lock which is held' });
	}
	for (const name of all.length > 0 && DEADLOCKS_SAID.test(words) ? intoLock(lines) : []) if (!locking.has(name)) locking.set(name, { lock: '', text: 'the calls as it draws them end in something that takes a lock' });
	const traced = SLEEP_SPLAT.test(words) ? frames(lines) : [];
	const joined = all.map(({ text }) => text).join('\n');
	const asleep = withoutAssurances(table, `${words}\n${joined}`);
	const of = { sleeping, trace: traced.length > 0 ? traced : tree(lines), locking, nothing: sentences(unsigned(patch.prose)).length === 0 };
	// Who puts code in order speaks of trouble that others have, or that there is not.
	if (isTidying(table, patch)) return { ...of, lockKept: false, referenceKept: false, unlockedTwice: false, droppedTwice: false, freedTwice: false, usedFreed: false, deadlocks: false, atomic: null };
	const atomic = IRQ_SPLAT.test(words) ? null : ((ATOMIC.exec(asleep) ?? (NOT_THERE.test(asleep) ? ATOMIC_PLACE.exec(asleep) : null))?.[0].replace(/\s+/g, ' ') ?? null);
	// What must not be done under a lock may be sleeping: nobody need wait for it for ever.
	const elsewhere = ELSEWHERE_SUBJECT.test(subject.text) && TROUBLE.test(words) && !isForSpeed(table, words) && !(atomic !== null && sleeping.size > 0);
	return { ...of, lockKept: LOCK_KEPT.test(joined), referenceKept: REFERENCE_KEPT.test(joined), unlockedTwice: UNLOCKED_TWICE.test(joined), droppedTwice: DROPPED_TWICE.test(joined), freedTwice: FREED_TWICE.test(joined), usedFreed: USED_FREED.test(joined), deadlocks: DEADLOCK_SUBJECT.test(subject.text) || elsewhere || SPLAT.test(words) || all.some(({ text }) => DEADLOCKS.test(text) && !NO_DEADLOCK.test(text)), atomic };
}

/** The prose before the mail's signature. */
function unsigned(prose: readonly ProseLine[]): readonly ProseLine[] {
	const end = prose.findIndex(({ text }) => SIGNATURE.test(text));
	return end < 0 ? prose : prose.slice(0, end);
}

/** Functions of the first trace, innermost first. */
function frames(lines: readonly string[]): readonly string[] {
	const names: string[] = [];
	let apart = 0;
	for (const line of lines) {
		const name = FRAME.exec(line)?.[1];
		if (name) {
			apart = 0;
			if (!MACHINERY.test(name)) names.push(name);
		} else if (names.length > 0 && ++apart > 2) break;
	}
	return names;
}

/** A line of a drawn tree of calls: `  foo`, `  |-> foo(…)`, `  foo() /* takes the spin lock *\/`. */
const BRANCH = /^((?:\s|[|`+\-=>~\d.:])*)([A-Za-z_]\w*)\s*(?:\(.*|\/\/.*|\/\*.*|--?>.*|<-.*|#.*)?;?\s*$/;
/** What is said behind a call that sleeps: `kzalloc(…, GFP_KERNEL) //may sleep`, `msleep --> sleep`. */
const SLEEPS_THERE = /(?:\/\/|\/\*|->|=>|<-|#|\))\s*(?:(?:it )?(?:may|might|can|could|will|would)\s+)?(?:sleep|block|schedule)(?:s|ing)?\b/i;
/** `drivers/foo.c, 12: msleep in foo_wait`, as call paths are listed from bottom to top. */
const CALLED_IN = /^\s*(?:\S+\.[ch](?:[,:]\s*\d+)?:?\s+)?([A-Za-z_]\w*)(?:\([^()]*\))? in ([A-Za-z_]\w*)(?:\(\))?\s*$/;

/** A lock that is taken, as the innermost of drawn calls. */
const TAKES_THERE = /^[\s|`+\-=>~\d.:]*(?:(?:raw_)?spin_lock\w*|mutex_lock\w*|read_lock\w*|write_lock\w*|down(?:_read|_write)?\w*)\s*\(/;
/** That who takes it waits for ever. */
const DEADLOCKS_SAID = /\bdead-?lock\w*|\b(?:spins?|waits?|blocks?|hangs?|stuck)\b[^.]{0,40}\b(?:for ?ever|indefinitely|endlessly|on (?:the|its own) lock)|\brecurs\w*|\black-?up/i;

/** Functions on the way down to the last lock that is taken in a drawn tree of calls, innermost first: where another one of its calls takes one, too, they are called with that. */
function intoLock(lines: readonly string[]): readonly string[] {
	const at = lines.findLastIndex((line) => TAKES_THERE.test(line));
	const taken = lines[at];
	const lock = taken === undefined ? undefined : /\(([^,)]*)/.exec(taken)?.[1];
	if (taken === undefined || !lines.slice(0, at).some((line) => TAKES_THERE.test(line) && line.includes(lock ?? ''))) return [];
	return above(lines, at, indentOf(taken));
}

const indentOf = (line: string): number => /^[\s|`+\-=>~\d.:]*/.exec(line)?.[0].length ?? 0;

/** The callers of what stands in this line of a drawn tree, innermost first. */
function above(lines: readonly string[], at: number, indent: number): readonly string[] {
	const names: string[] = [];
	let depth = indent;
	for (const line of lines.slice(0, at).reverse()) {
		const [, before = '', name] = BRANCH.exec(line) ?? [];
		if (!name) break;
		if (before.length >= depth) continue;
		depth = before.length;
		names.push(name);
	}
	return names;
}

/** Functions on the way down to what sleeps in a drawn tree of calls, innermost first. */
function tree(lines: readonly string[]): readonly string[] {
	for (const [at, line] of lines.entries()) {
		const leaf = SLEEPS_THERE.test(line) ? BRANCH.exec(line) : null;
		if (!leaf) continue;
		const names = above(lines, at, (leaf[1] ?? '').length);
		if (names.length > 0) return names;
	}
	const called = lines.map((line) => CALLED_IN.exec(line));
	const first = called.findIndex((each) => each !== null && SLEEPER.test(each[1] ?? ''));
	if (first < 0) return [];
	const names: string[] = [];
	for (const line of called.slice(first)) {
		if (line && (names.length === 0 || line[1] === names.at(-1))) names.push(line[2] ?? '');
		else if (line) break;
	}
	return names;
}

/** Names of what sleeps. */
const SLEEPER = /sleep|schedule|^mutex_lock|^down|^wait_for|^k[mzc]?alloc|^vmalloc|^kmem_cache_alloc|^synchronize|GFP_KERNEL|^flush_|^cancel_.*_sync|^disable_irq$|^free_irq$|^request_/;
