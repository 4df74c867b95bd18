import type { Patch } from './patch';

/** Words of a patch that is meant as a remedy. */
const REMEDY = /\b(rac(e|es|ed|ing|y)|dead-?lock|use.after.free|uaf|double.free|leak|corrupt|hang|fix(es)?|meanwhile|concurrent\w*|in between|while (an?|the) [\w ]{1,30} (is|are) (being \w+|running|in progress|under way))\b/i;
/** Words of a subject that says that something is put right. */
const PUTS_RIGHT = /\b(fix(es|ed)?|rac(e|es|ed|ing|y)|dead-?locks?|use.after.free|uaf|double.free|leak\w*|corrupt\w*|hang)\b/i;
/** Subjects that say outright that something is put right. */
const OUTRIGHT = /\b(?:fix\w*|guard against|seriali[sz]\w*|stop (?:the|a|its|all)|avoid\w*|prevent\w*|protect|rac(?:e|es|y|ing)|dead-?lock\w*|use[- ]after[- ]\w+|uaf|double[- ]free|leak\w*|hang|hung|bug|oops|crash\w*|panic|corrupt\w*|miss(?:ing|ed)|forgotten|wrong|correct|properly|ensure|make sure|don't|do not|(?:should|must|can)(?: ?not|n't)|never|unsafe|stale|premature\w*|too early|too late|lost|stuck|splat|unbalanced|imbalance\w*|cancel|hold|take|wait for|flush|disable|atomic|makes? (?:[\w()-]+ ){1,5}(?:safe|race-?free)(?! to\b)|under (?:the )?\w*lock|CVE-\d{4}-\d+)\b/i;
/** Subjects that may say so, of what is done elsewhere or otherwise now. */
const PERHAPS = /\b(?:safe\w*|warning|before|after|until|while|when|instead|balance|under|outside|only|use|move|lock\w*|unlock\w*|call|drop|put|get|check|re-?check)\b/i;
/** Trailers of what is put right. */
const TRAILER = /^\s*(?:Fixes:\s|Cc:.*\bstable@|(?:Reported-by|Closes|Link):.*syz)/i;

/** Of what a stable kernel has taken over. */
const TAKEN_OVER = /^\s*(?:commit [0-9a-f]{12,40} upstream\.?|\[ ?Upstream commit [0-9a-f]{12,40} ?\])\s*$/i;
/** It was taken over for another one's sake. */
const FOR_ANOTHER = /^\s*Stable-dep-of:/i;

/** Whether words of a mail, its text or its subject, are those of a patch that is meant as a remedy. */
export const speaksOfRemedy = (words: string): boolean => REMEDY.test(words);

/** Whether a patch is meant to put something right: by its subject, or by a trailer that names what it fixes. */
export const putsRight = ({ subject, fixes }: Pick<Patch, 'subject' | 'fixes'>): boolean => fixes.length > 0 || PUTS_RIGHT.test(subject);

/** How surely a patch with that title is meant to put something right: `yes` where the title says so outright, or a trailer does. */
export function isMeant(title: string, { fixes, prose }: Pick<Patch, 'fixes' | 'prose'>): 'yes' | 'perhaps' | 'no' {
	if (fixes.length > 0 || OUTRIGHT.test(title) || prose.some(({ text }) => TRAILER.test(text))) return 'yes';
	if (prose.some(({ text }) => TAKEN_OVER.test(text)) && !prose.some(({ text }) => FOR_ANOTHER.test(text))) return 'yes';
	return PERHAPS.test(title) ? 'perhaps' : 'no';
}

/** A report of trouble is said to be wrong; that it may be says no more than that nobody has seen it. */
const FALSE_ALARM = /(?<!\b(?:may|might|could|can) (?:also )?be (?:an? )?)\bfalse[- ](?:positive|report|alarm|warning|lockdep|deadlock)/i;

/** Whether a sentence, or a mail, says that what was reported is no trouble. */
export const isFalseAlarm = (words: string): boolean => FALSE_ALARM.test(words);

/** A race that does not matter: what is counted, or guessed by, may be off by one. */
const BENIGN = /\b(?:rac(?:e|es|y)\b[^.]{0,40}\b(?:is|are) (?:\w+ )?(?:harmless|benign|intentional|fine)|(?:harmless|benign|intentional) (?:data[- ])?races?|(?:only|just|merely) (?:an? )?(?:used (?:for|as) )?(?:an? )?(?:statistics?|heuristics?|hints?)\b)/i;

/** Whether the mail says of the race that it marks the accesses of that it does not matter. */
export const isBenignRace = (words: string): boolean => BENIGN.test(words.replace(/\s+/g, ' '));

/** That nothing sleeps there is no trouble. */
const NOTHING_SLEEPS = /\b(?:nothing|nobody|no one|none of [\w ]{1,30}|neither)\b[^.;]{0,40}\bsleeps?\b[^.;]*/gi;

/** That who is meant may sleep all he likes: "no need for that, as foo() may sleep", "foo() may sleep, so use GFP_KERNEL". */
const SLEEP_ALLOWED = /\b(?:no (?:need|reason)|needn't|need(?:s)? not|unnecessar\w+|pointless|instead of GFP_(?:ATOMIC|NOWAIT))\b[^.;]{0,80}\b(?:may|can|could|might) (?:also |well |safely )?(?:sleep|block)\b[^.;]*|\b(?:may|can) (?:also |well |safely )?(?:sleep|block)(?: here| there| anyway)?,? (?:and )?(?:so|hence|thus|therefore)\b[^.;]*|\b(?:is|are) (?:allowed|free|permitted) to (?:sleep|block)\b[^.;]*/gi;

/** The mail's words without what it says of trouble that there is not. */
export const withoutAssurances = (words: string): string => words.replace(NOTHING_SLEEPS, '').replace(SLEEP_ALLOWED, '');

/** Words of a mail that is for time saved. */
const SPEED = /\b(?:latenc\w+|throughput|contention|contended|bottlenecks?|scal(?:es?|ab\w+)|faster|slow(?:er|s|ing)? ?(?:down)?|speed\w*|performance|overhead|expensive|cheaper|cost(?:s|ly)?|\d+ ?% (?:less|more|fewer|faster|better|lower)|(?:for|that|too|very|quite|how|takes?|taking|took) long|a (?:long )?(?:while|time)|hold times?|(?:shorten\w*|reduc\w+|shrink\w*|keep\w*)\b[^.]{0,40}\b(?:critical sections?|lock))\b/i;
/** Words of what does not come to an end, or is found to be wrong. */
const ENDLESS = /\b(?:fix\w*|dead-?lock\w*|hang(?:s|ing)?|hung|stuck|lockdep|lock-?ups?|splat|sleep\w*|circular|inver(?:t|sion)\w*|recurs\w*|re-?ent\w*|cycle|for ?ever|indefinite\w*|endless\w*|bug|warn\w*|syzbot|trace|blocked for more than|RCU stalls?|already (?:held|holds?|owns?|taken))\b/i;

/** Whether the mail is one of time saved: those who wait there wait long, and not for ever. */
export const isForSpeed = (words: string): boolean => SPEED.test(words.replace(/\s+/g, ' ')) && !ENDLESS.test(words);

/** Words of what is never given back. */
const LEAKS = /\b(?:leak\w*|(?:without|not|never|n't|fail\w* to|forg[eo]t\w* to) (?:\w+ ){0,2}(?:free(?:d|s|ing)?|releas\w+|deallocat\w+))\b/i;
/** Words of who else may be there, of what is counted, and of what is used for too long. */
const OTHERS = /\b(?:rac(?:e|es|ed|ing|y)|concurren\w*|simultaneous\w*|parallel|at the same time|meanwhile|in between|window|use[- ]?after|uaf|double|twice|dangling|stale|(?:already|been|was|is|being) freed|corrupt\w*|oops\w*|crash\w*|(?:\w+_)?(?:spin|un)?lock\w*|mutex|semaphores?|rcu|grace period|barriers?|re-?order\w*|timers?|works?|workers?|workqueues?|handlers?|callbacks?|interrupts?|irqs?|softirqs?|(?:other|another|two|sub) (?:threads?|tasks?|cpus?)|threads?|kthreads?|still|ref\w*|kref|\w*(?:_put|_get|_unref)\w*(?:\(\))?)\b/i;

/** Whether all that the mail speaks of is that something is lost on some path: nobody else is needed for that. */
export const isLeakAlone = (words: string): boolean => LEAKS.test(words.replace(/\s+/g, ' ')) && !OTHERS.test(words.replace(/\s+/g, ' '));

const FAILS_TO_ALLOCATE = /\b(?:k\w*alloc\w*(?:\(\))?|(?:memory )?allocation)\b[^.]{0,40}\b(?:fail\w*|return\w* NULL|unsuccessful)|\bout of memory\b|\bENOMEM\b/i;

/** Whether the mail speaks of memory that was not there: of that no thread has to be told. */
export const isOfMemoryThatWasNotThere = (words: string): boolean => FAILS_TO_ALLOCATE.test(words);
