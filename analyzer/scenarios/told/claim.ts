import type { CheckName } from '../../../sim';
import { isBenignRace, isFalseAlarm, isForSpeed, isLeakAlone, isMeant, isOfMemoryThatWasNotThere, withoutAssurances } from '../../mail/intent';
import type { Patch, ProseLine } from '../../mail/patch';
import { addedComments, removedComments } from '../../mail/remarks-in-code';
import { sentences } from '../../mail/sentences';

/** A failure that the mail says its patch ends. */
export interface Claim {
	readonly check: CheckName;
	/** The sentence, or the subject, that says so. */
	readonly text: string;
	/** What the patch's own lines must be like for it. */
	readonly of?: RegExp;
}

/** What is mapped into page tables, and what brings it there. */
export const MAPPED = /\b(?:fault|mmap|pte|mapped|mapping)\w*\b/i;

interface Kind {
	readonly check: CheckName;
	readonly said: RegExp;
	/** What the patch's own lines must be like for words that may mean something else. */
	readonly of?: RegExp;
	/** What the mail must speak of as well. */
	readonly among?: RegExp;
}

/** Claims of what one does to another one's work, or of two that come at once. */
export const OF_TWO: ReadonlySet<CheckName> = new Set(['check-then-act', 'lost-data', 'use-after-free', 'refcount-underflow', 'data-race']);

/** All that the mail says, its subject first. */
export const wordsOf = ({ subject, prose }: Pick<Patch, 'subject' | 'prose'>): string => [subject, ...prose.map(({ text }) => text)].join('\n');

/** Of words that claim less than a kind of failure's own name, whatever the patch's lines are. */
export const ANY = /./;

/**
 * The field's own words for kinds of failures, in the order in which one is taken where a mail has several: what is broken in the end goes before how it
 * came to that; words that may mean other things come last, and only with lines that fit them.
 */
const KINDS: readonly Kind[] = [
	{ check: 'sleep-in-atomic', said: /\bsleep\w*[ -](?:in|while|under|inside|with)[ -](?:an? |the |holding )*(?:\w+[ -])?(?:atomic|interrupt|irq|spin|rcu|lock\b)|sleeping function called|scheduling while atomic|\bsleep-in-atomic|\bsleeping while atomic|\bcontext (?:may|might|can|could|will) be atomic|\binvalid wait context|\b(?:sleeping|sleepable) (?:spin ?)?locks?\b|\b(?:must|can|may|should)(?: ?not|n't) be (?:acquired|taken|called|used|invoked|locked) (?:\w+ )?(?:from|in|with|under|while|inside)\b[^.]{0,30}\b(?:disabled|atomic|off\b|hard ?irq)/i },
	{ check: 'irq-unsafe-lock', said: /\binconsistent lock state|\birq lock inversion|\{?IN-(?:HARD|SOFT)IRQ|\birq-safe -> |\b(?:deadlock\w*|lock)\b[^.]{0,80}\b(?:interrupt(?:s|ed)?|irqs?|softirqs?|bh)\b[^.]{0,60}\b(?:same lock|enabled|context|handler)/i },
	{ check: 'unlock-not-held', said: /\bdouble un-?lock|\bbad unlock balance|\bun-?lock\w*\b[^.]{0,40}\b(?:twice|not held|imbalance)|\b(?:un|im)balanced\b[^.]{0,20}\bun-?lock|\b(?:not|n't) (?:held|taken|locked)\b[^.]{0,60}\b(?:but|and|yet|still)\b[^.]{0,40}\bun-?lock|\bunpaired\b/i },
	{ check: 'lock-held-at-return', said: /\b(?:miss(?:ing|ed|es)|forg[eo]ts?|forgotten|without|fail(?:s|ed|ing)? to|never|not)\b[^.]{0,40}(?:\b|_)un-?lock(?!ed)\w*|\bun-?lock\b[^.]{0,40}\bon (?:the |an? )?(?:error|fail)|\block(?:s|ed)?\b[^.,]{0,30}\b(?:still held|left (?:locked|held)|leak|imbalance)|\bimbalance\b[^.]{0,20}\block|\bleav(?:e|es|ing) (?:it|the \w+|\w+(?:->\w+)*) locked\b|\bunpaired\b/i },
	{ check: 'refcount-underflow', said: /\bref\w*\b[^.]{0,40}\bunderflow|\bunderflow\b[^.]{0,40}\bref|\bdouble (?:ref\w* )?(?:put|drop|releas|decrement|unref)\w*|\bdouble (?:calls? (?:of|to) )?\w*(?:_put\w*|put_\w+|unref\w*)\(|\b(?:put|drop|releas|decrement)\w*\b[^.]{0,40}\bref\w*\b[^.]{0,20}\b(?:twice|a second time|too many times|more than once)/i },
	{ check: 'use-after-free', said: /\buse[- ]?after[- ]?(?:free|release|loss\S*|put|delete|unregister|unlock|exit|scope)\b|\w+\(\) after (?:the )?\w*(?:put|free|release|destroy|unref)\w*\(|\bfree[sd]?\b[^.]{0,60}\b(?:repeatedly|multiple times|more than once|a second time|(?:several|many|two) times)|\bfree[sd]?\b[^.]{0,40}\b(?:only|just|exactly) once\b|\buaf\b|\bdouble[- ]?(?:k)?free|\bfreed? twice|\baccess\w*\b[^.]{0,60}\bfreed\b|\bmust (?:not|never) be (?:\w+ly )?(?:accessed|touched|used|dereferenced|referenced) (?:after\b|any ?more|any longer)|\bderef\w*\b[^.]{0,30}\b(?:freed|stale)\b|\bfreed\b[^.]{0,40}\b(?:while|before|still|under)\b|\bdangling\b|\bstale pointer|\b(?:memory|object|struct\w*) freed\b|\bstack(?: frame|'s)?\b[^.]{0,60}\b(?:gone|returned|out of scope|reused|freed|no longer|invalid|by then)\b|\b(?:writ(?:es?|ten|ing)|scribbl\w*|corrupt\w*)\b[^.]{0,60}\b(?:the |its |his |somebody(?:'s)? (?:else's )?)stack\b|\bstack corruption\b/i },
	{ check: 'use-after-free', said: /\b(?:already|been|was|is|gets?|being|just|since|meanwhile|newly|recently) freed\b|\bbe freed +(?:at any|any time|by (?:another|an?other|somebody|someone)|while|under|before|concurrently|just as|in between|in parallel|meanwhile|behind)\b|\b(?:frees?|releases?|destroys?)\b[^.]{0,60}\b(?:while|when)\b[^.]{0,60}\b(?:us(?:e[ds]?|ing)|access\w*|walk\w*|read(?:s|ing)?|touch\w*)\b|\bKASAN\b(?![^.]{0,30}\bout-of-bounds)/i, of: ANY },
	{ check: 'deadlock', said: /\bdead-?lock\w*|\b(?:soft |hard )?lock-?ups?\b|(?<!\b(?:tx|rx|gpu|hw|hardware|engine|adapter|controller|firmware|fw|unit|ring) )\b(?:hang|hung|hangs|hanging)\b|\bstuck\b|\b(?:waits?|blocks?|blocked|sleeps?|loops?|spins?|stuck|asleep) (?:for ?ever|indefinitely|endlessly)|\binfinite(?:ly)? (?:loop|wait)\w*|\bcircular lock|\block inversion|\brecursive(?:ly)? (?:\w*lock|acqui|tak)|\b\w*lock\w* recursion|\brecursion (?:on|of|in) (?:the )?\w*(?:lock|mutex)|\block\w*\b[^.]{0,20}\brecursively|\b(?:AB-?BA|ABBA)\b|\block(?:ing)? order(?:ing)? (?:inversion|violation|reversal)|\b(?:reverse|inverse|opposite|inverted) lock(?:ing)? order|\blost wake-?up|\bwake-?ups? (?:is|are|was|gets?|being|may be|can be|will be) (?:missed|lost)|\blos(?:e|es|ing|t) (?:the |a |this |that )?(?:completion|wake-?up)|\bmiss\w*\b[^.]{0,30}\bwake-?up|\bnever (?:woken|wakes?|complete[sd]?|return(?:s|ed|ing)?\b(?! (?:(?:an?|the|any|its) )?(?:\w+ ){0,2}(?:NULL|null|-?E[A-Z]+|errors?|zero|0|true|false|pointers?|values?|codes?|success\w*|negative|positive|-?\d+)))|\bstall(?:s|ed)?\b(?! (?:page|data|entry|entries|value|pointer)\b)|\bblocked for more than/i },
	{ check: 'refcount-leak', said: /\bref\w*[ -]?(?:count\w*)?[ -]leak|\bleak\w*\b[^.]{0,60}\b(?:ref\w*|kref|of_node|device_node|usage count|node)\b|\b(?:ref(?:erence|count)?s?|of_node|device_node|krefs?)\b[^.]{0,60}\bleak|\b(?:ref\w*|usage|PM|runtime) (?:counter |count )?imbalance/i },
	{ check: 'refcount-leak', said: /\b(?:lost|lacks?|lacking|missing|missed|misses|omit\w*|forg[eo]t\w*|skip\w*|absent) (?:an? |the |of |to |call )*(?:\w+_put\w*|put_\w+|\w+_unref)\b|\b(?:not|never|n't|without|forg[eo]t\w*|fail\w*)\b[^.]{0,60}\b(?:decrement|decreas|dropp?|releas|reduc|lower|putt?)(?:s|es?|ed|ing)?\b (?:\w+ ){0,3}?(?:ref ?counts?|ref ?counters?|refcnt|references?)\b|\b(?:drop|put|releas\w*|give back|return)\b[^.]{0,40}\bref\w*\b[^.]{0,40}\b(?:lost|los(?:es|er|ing)|lose) (?:the |a |that |this )?(?:race|insert\w*|cmpxchg)|\b(?:two|both|several|many) ref\w*\b[^.]{0,40}\b(?:a single|one|only one) put\b/i },
	{ check: 'stale-mapping', said: /\bstale (?:pte|mapping|page|tlb|entr|mmap|zero)|\bstill (?:be |is |are |being )?mapped\b|\bstill (?:have|has|having|had)\b[^.]{0,30}\bmapped\b|\bmapp\w*\b[^.]{0,50}\bbeyond (?:the )?(?:end of )?(?:the )?(?:i_size|eof|file)|\bpage_mapped\b|\bTLBs?\b[^.]{0,60}\b(?:flush(?! (?:IPI|interrupt|func|handler|request|code|batch|storm))|stale|different)/i },
	{ check: 'data-race', said: /\bdata[- ]?rac(?:e|es|y)|\bKCSAN\b|\b(?:memory|missing|write|read|full) (?:memory )?barrier|\bstore tearing|\bload tearing|\bsmp_\w*mb|\bREAD_ONCE|\bmemory ordering|\bweakly[- ]ordered/i },
	{ check: 'data-race', said: /\bbarriers?\b|\bfenc(?:e[sd]?|ing)\b|\b(?:in|correct(?:ly)?|proper(?:ly)?|wrong|right) order(?:ed|ing)?\b|\bre-?fetch\w*|\bunder (?:our|its) feet\b|\bobservab\w+|\bvisib(?:le|ility)\b/i, of: /(?:\b|_)[rw]?mb(?:_\w+)?\s*\(|\b(?:READ|WRITE|ACCESS)_ONCE\s*\(|smp_(?:load_acquire|store_release)\s*\(|\bbarrier\s*\(/ },
	{ check: 'data-race', said: /\bre-?order(?:s|ed|ing)?\b/i, of: /_ONCE|mb\s*\(|barrier|acquire|release|rcu_/i },
	{ check: 'lost-data', said: /\blist corruption|\bcorrupt(?:s|ed|ing)? (?:the |a |its )?[\w-]*(?:list|queue|tree|ring)|\blost (?:update|write|data)|\bdata (?:loss|corruption)\b|\b(?:data|dirty bits?|updates?|writes?|modifications?)\b(?:(?!\bnot\b|n't\b|\bnever\b)[^.]){0,30}\b(?:is|are|gets?|was|were|be|being) lost\b|\b(?:throw\w*|thrown) away\b[^.]{0,40}\b(?:data|pages?|cop(?:y|ies)|modif\w*)|\blos(?:t|es|ing) (?:the |that |its |user |private )?(?:data|changes|modifications)\b|\bloses?\b[^.]{0,30}\b(?:update|data|write|event)/i },
	{ check: 'check-then-act', said: /\brac(?:e|es|ed|ing|y)\b|\bconcurren(?:t|tly|cy)\b|\bTOC-?TOU\b|\bin parallel\b|\bsimultaneous|\bat the same (?:time|moment|instant)\b|\btwo (?:tasks|threads|CPUs|openers)\b|\boverlapping (?:\w+ ){0,2}(?:recover\w*|resets?|calls?|runs?|executions?|requests?|operations?|invocations?|commands?)\b|\b(?:time |small |short |tiny )?window\b[^.]{0,40}\b(?:where|between|in which|when)\b|\bmeanwhile\b|\bin the meantime|\botherwise\b[^.]{0,60}\bc(?:ould|an) come\b|\bbetween\b[^.]{0,160}\b(?:somebody|someone|another|others|other (?:tasks?|threads?|cpus?|process(?:es)?|users?))\b|\b(?:can|could|may|might|will)(?: be| have been)? (?:also )?(?:changed?|modif(?:y|ied)|updated?|replaced?|removed?|incremented|freed?) (?:concurrently|under(?:neath)? (?:us|it)|by (?:another|others?|someone|somebody|a different)|when the lock|while the lock|behind)|\bconflict\w*\b[^.]{0,30}\b(?:with )?(?:ongoing|other|parallel)\b|\b(?:when|while) (?:the |a )?\w*[ _]?lock is (?:not held|dropped|released)/i },
	{ check: 'assertion', said: /\b\w*(?:BUG|WARN)(?:_ON\w*)?\b(?:\([^.]*?\))?[^.]{0,60}\b(?:trigger|hit|fire|splat|trip)\w*|\b(?:trigger|hit|fire|trip|see)\w* (?:the |a |this |that |an? )?\w*(?:BUG|WARN)_?ON/, of: ANY, among: /\b(?:rac(?:e|es|ed|ing|y)|concurren\w*|between|in parallel|meanwhile|at the same time|drop\w* (?:the )?\w*(?:lock|sem))\b/i },
	{ check: 'sleep-in-atomic', said: /\b(?:atomic|interrupt|softirq|irq)\b[^.]{0,20}\b(?:context|state)|\bpotential(?:ly)? (?:to )?sleep|\b(?:may|might|can|could|will|would) (?:also )?sleep|\bholding (?:a |the )?\w*spin|\bspin_?lock\b[^.]{0,30}\bheld/i, of: /GFP_|sleep|delay|mutex|schedule|alloc|sync|wait|lock/i },
	{ check: 'check-then-act', said: /\bbefore\b[^.]{0,80}\b(?:is|are|was|were|has been|have been|being|gets?) (?:fully |completely |properly )?(?:set up|initiali[sz]ed|ready|populated|constructed)\b|\bnot (?:yet )?(?:fully |completely )(?:set up|initiali[sz]ed|ready|constructed)\b|\buntil it(?:'s| is) (?:fully )?ready/i, of: /^if\b/ },
	{ check: 'check-then-act', said: /\bre-?init\w*\b|\b(?:too early|return\w* immediately|immediately return\w*|prematurely)\b/i, of: /\b(?:re)?init_completion\s*\(/ },
	{ check: 'irq-unsafe-lock', said: /\b(?:interrupts?|irqs?|softirqs?|bottom halves|BHs?|hardirqs?)\b/i, of: /irqsave|irqrestore|(?:lock|local)_(?:irq|bh)|_bh\s*\(/i },
	{ check: 'use-after-free', said: /\bRCU\b|\bgrace period|\brcu_\w+|\bsynchronize_\w+/i, of: /rcu|synchronize_/i },
	{ check: 'refcount-leak', said: /\bleak\w*/i, of: /free|put|release|drop|unref|destroy|clean/i, among: /\b\w*(?:put|unref)\w*\(|\bref(?:erence|count)?s?\b|\bkref/i },
	{ check: 'use-after-free', said: /\b(?:still|already|no longer|once|after|before|when|while)\b[^.]{0,60}\b(?:run(?:ning|s)?|fir(?:e|es|ing)|pending|queued|scheduled|remov\w+|unbind|unregister\w*|teardown|torn|gone|goes away|go away|disappear\w*|(?<!\b(?:without|not|never|fail\w* to|forg[eo]t\w* to) (?:\w+ )?)(?:destroy\w*|releas\w+|free\w*))\b/i, of: /cancel|_sync|flush|kill|disable|free_irq|unregister|del_timer|timer_delete|shutdown|stop|synchronize|quiesce|drain|wait_|_wait|\bget\w*\(|_get\w*\(|_hold\w*\(|_put\w*\(|put_\w+\(/i },
	{ check: 'use-after-free', said: /\bref(?:erence)?[ -]?(?:count|cnt)\w* (?:bug|issue|problem|error)s?\b|\b(?:wrong|incorrect|bad|broken|invalid|missing) ref(?:erence)?[ -]?(?:count|cnt)\w*|\bundercount\w*|\bref(?:erence)?[ -]?(?:count|cnt)?\w* (?:is |needs? to be |must be |has to be |to be )?(?:taken|grabbed|acquired|incremented)\b[^.]{0,30}\b(?:early|earlier|first|before)\b/i, of: /timer|work|(?:\b|_)(?:get|put|hold|ref|inc|dec)(?:_|\b)/i },
	{ check: 'use-after-free', said: /\bNULL[- ](?:p(?:oin)?te?r|deref)\w*|\bnull-ptr-deref|\bgeneral protection fault|\bunable to handle kernel|\boops(?:es)?\b/i, of: ANY, among: /\b(?:rac(?:e|es|ed|ing|y)|concurren\w*|remov(?:e|ed|al|ing)|unbind\w*|clos(?:e|ed|ing)|disconnect\w*|tear\w* ?down|unregister\w*|time[- ]?out|interrupts?|irqs?|handler|work(?:er|queue)?|timer|thread|in parallel|shut\w*down|hot-?plug\w*|unplug\w*|unload\w*|exit\w*|cleared|reset|destroy\w*|poison\w*|in use)\b/i },
	{ check: 'stale-mapping', said: /\b(?:truncat\w*|zap(?:s|ped|ping)?|punch\w*|invalidat\w*|unmap\w*|munmap\w*)\b/i, of: /i_size|->mapping\b|invalidat|unmap|\bzap|_zap|tlb|pte_same|changing|retry/i, among: /\b(?:faults?|faulted|faulting|mmap\w*|ptes?|page[- ]?tables?|i_size|page[- ]?cache)\b/i },
	{ check: 'refcount-leak', said: /\b(?:ref\w*|put|_put|_get|release[sd]?|drop\w*|balance[sd]?|imbalance\w*|undo|leak\w*)\b|_put\b|put_\w+\b/i, of: /(?:\b|_)(?:of_node_put|fwnode_handle_put|put_device|kobject_put|kref_put|dev_put|sock_put|pci_dev_put|put_task_struct|module_put|fput|dput|iput|mmput|put_page|folio_put|pm_runtime_put\w*|put)\s*\(/i },
	{ check: 'check-then-act', said: /\b(?:fix\w*|wrong|miss(?:ing|ed)|improper\w*|incorrect\w*|lacks?|broken|insufficient|proper|correct)\b[^.]{0,40} (?!\w*(?:un|dead|b|c)lock)\w*locks?(?:ing)?\b(?! (?:leak|imbalance))|\b(?:take|hold|acquire|grab|need)\w*\b[^.]{0,60}\b(?:lock\w*|mutex|rwsem|semaphore)\b|\bexclusive(?:ly)?\b|\bnot (?:adequate|enough|sufficient)\b[^.]{0,60}\b(?:exclu\w+|protect\w*|seriali[sz]\w+|synchroni[sz]\w+)|\b(?:protect\w*|serializ\w*|serialis\w*|synchroni[sz]\w*|without (?:holding |taking |proper |any )?(?:the |a |any )?\w*[ _]?lock\w*|lock\w* (?:must|should|needs?|has to|is required)|under (?:the )?\w*lock|holding (?:the )?\w*lock)\b/i, of: /lock|mutex|guard\s*\(|down_|atomic|cmpxchg|test_and_|READ_ONCE|WRITE_ONCE|exclusive|start_write/i },
];

/** One frees what another one uses, by the same name. */
const FREED_AND_USED = /\b(?:frees?|freed) (\w+(?:->\w+)+)\b[^"]{0,400}?\b(?:access\w*|us(?:es?|ing)|reads?|reading|deref\w*|touch\w*) \1\b/;

/** Where one of these stands in the sentence, it speaks of what is not, or of what was before. */
const DENIED = /\b(?:no|nothing|nobody|none|not|never|cannot|can't|without|isn't|won't|doesn't|don't|impossible|unlikely)\b[^.;,]{0,30}$|\b(?:safe (?:against|from|with respect to)|free (?:of|from)|immune (?:to|against|from)|rules? out|ruling out)\W+(?:\w+\W+){0,2}$/i;

/** What must not be so may well be. */
const FORBIDDEN = /\b(?:no|nothing|nobody|none of (?:the|them)) (?:\w+ ){0,3}(?:must|should|may|ought to|is allowed to)\b/gi;

/** A report that is wrong, or a change that is none, claims nothing. */
const DISCLAIMED = /\bno (?:intended )?(?:functional|behaviou?ral) changes?|\bno change (?:in|of) (?:behaviou?r|functionality)|\bbehaviou?r (?:is |stays |remains )?(?:unchanged|the same)|\b(?:was|were|is|has been|had been) (?:so|the case|like that|true|possible) before\b|\bno worse than before\b|\bpurely theoretical|\b(?:to be|on) (?:on )?the safe side|\bjust in case\b|\blockdep (?:class|subclass|annotation|key)|\block_class_key|\b(?:silence|shut up|teach|tell) lockdep/i;

/** What a race breaks in the end. */
const BROKEN: ReadonlySet<CheckName> = new Set(['lost-data', 'stale-mapping', 'use-after-free', 'irq-unsafe-lock']);

/** Of these a mail that means to mend nothing speaks as well: of what may run at once. */
const RACES: ReadonlySet<CheckName> = new Set(['check-then-act', 'data-race']);

/** What a mail that itself claims nothing, though it means to put something right, says in the comments that its patch adds, and that were not there before in other lines. */
export function claimsOfComments(patch: Patch): readonly Claim[] {
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '');
	if (isMeant(title, patch) !== 'yes') return [];
	const before = new Set(claims({ ...patch, prose: [...patch.prose, ...removedComments(patch)] }).map(({ text }) => beginningOf(text)));
	return claims({ ...patch, prose: [...patch.prose, ...addedComments(patch)] }).filter(({ text }) => !before.has(beginningOf(text)));
}

/** As much of a sentence as tells it from others, though its end be written anew. */
const beginningOf = (text: string): string => (text.match(/\w+/g) ?? []).slice(0, 6).join(' ');

/** The title of another commit that is named says what that one was for. */
const NAMED_COMMIT = /\b[0-9a-f]{7,40}\b,?\s*(?:\(\s*)?["\u201c][^"\u201d]{0,200}["\u201d]\s*\)?/g;

/** Sentences with such titles blanked, as they may have been cut at the colon of one. */
function withoutNamedCommits(texts: readonly string[]): readonly string[] {
	const blanked = texts.join('\n').replace(NAMED_COMMIT, (title) => title.replace(/[^\n]/g, ' '));
	let end = -1;
	return texts.map(({ length }) => {
		const from = end + 1;
		end = from + length;
		return blanked.slice(from, end);
	});
}

/** What the mail claims to end, the most telling first: what its subject says, then its text. */
export function claims(patch: Pick<Patch, 'subject' | 'prose' | 'from' | 'fixes'>): readonly Claim[] {
	// What a revert quotes is what the other patch claimed.
	const title = patch.subject.replace(/^(?:\[[^\]]*\]\s*)+/, '').replace(/^Revert\s*"[^"]*"?/i, '');
	const subject: ProseLine = { text: title, input: patch.from, author: 'changelog' };
	const [first, rest] = [sentences([subject]), sentences(patch.prose)];
	const quoted = [...first, ...rest];
	const plainly = withoutNamedCommits(quoted.map(({ text }) => text));
	const all = quoted.map(({ text }, at) => ({ plain: plainly[at] ?? text, text }));
	const intent = isMeant(title, patch);
	const meant = intent === 'yes';
	if (intent === 'no' || all.some(({ text }) => isFalseAlarm(text) || DISCLAIMED.test(text))) return [];
	const found: Claim[] = [];
	const text = all.map(({ plain }) => plain).join('\n');
	const benign = isBenignRace(text);
	// Who is kept waiting is not kept for ever.
	const patient = isForSpeed(text);
	const leak = isLeakAlone(text);
	if (FREED_AND_USED.test(text)) found.push({ check: 'use-after-free', text: FREED_AND_USED.exec(text)![0].replaceAll('\n', ' ') });
	for (const { check, said, of, among } of KINDS) {
		if (leak && of && of !== ANY && check !== 'refcount-leak') continue;
		if ((benign && RACES.has(check)) || (patient && check === 'deadlock')) continue;
		if (among && (!among.test(text) || isOfMemoryThatWasNotThere(text))) continue;
		if (((of || RACES.has(check)) && !meant) || found.some((each) => each.check === check && each.of === undefined)) continue;
		for (const { plain, text } of all) {
			const match = said.exec((check === 'sleep-in-atomic' ? withoutAssurances(plain) : plain).replaceAll("free'd", 'freed '));
			// What else may be done meanwhile is what such a mail is for.
			if (match && patient && RACES.has(check) && !/\brac/i.test(match[0])) continue;
			if (!match || DENIED.test(plain.slice(0, match.index).replace(FORBIDDEN, ''))) continue;
			found.push({ check, text, ...(of ? { of } : {}) });
			break;
		}
	}
	// What the subject says goes before what the text says, unless it speaks of a race alone and the text says what that breaks.
	const outright = ({ of }: Claim): boolean => of === undefined || of === ANY;
	const heading = (claim: Claim): number => (outright(claim) && first.some(({ text }) => text === claim.text) ? (claim.check === 'check-then-act' ? 1 : 0) : outright(claim) && BROKEN.has(claim.check) ? 0 : claim.check === 'assertion' && found.every(({ check, of }) => of !== undefined || check === 'check-then-act') ? 1 : 2);
	return found.sort((a, b) => heading(a) - heading(b));
}
