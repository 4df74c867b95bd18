import type { ContextKind } from '../../sim';

/** What of a change may speak of a thread that nobody shows: found by analyzer/scenarios/implied/, which says there what words each of them gives. */
export const SUBJECTS = ['grace-period', 'read-section', 'stop', 'stop-in-lock', 'stop-order', 'interrupted-lock', 'last-stop', 'callback-barrier', 'unregister', 'exclusion', 'locked-use', 'locked-test', 'locked-step', 'one-section', 'call', 'marked-access', 'ordering', 'early-get', 'wiped-count', 'init-order', 'exposed-early', 'put-order', 'last-reference', 'late-reference', 'plain-reference', 'last-put', 'walk', 'early-hold', 'handed-over', 'guarded-lookup', 'dangling', 'wake-up', 'taken-down',
	'no-longer-waited', 'same-object', 'split-count', 'read-twice', 'locked-access',
	'missing-drop', 'missing-hold', 'freed-here',
	'poisoned-link', 'turned-link', 'freed-published', 'late-publication', 'freed-owner', 'destroyed-twice', 'module-stop', 'extra-drop',
	'given-up-lock', 'kept-lock', 'lost-lock', 'lost-hold', 'lost-section', 'turned-nest', 'own-hold',
	'mapped-late', 'call-order', 'held-while', 'used-afterwards', 'rechecked', 'returned-locked', 'initialised-once', 'kept-alive', 'held-over', 'new-guard',
	'page-range', 'page-fill', 'held-off', 'waited-for',
	'ended-early', 'cleared-late', 'consumed-return', 'pinned', 'told-done',
	'instead', 'made-exclusive', 'done-in-section',
	'weak-stop', 'early-wait', 'late-stop', 'early-stop', 'torn-guard', 'left-behind', 'left-listed', 'asked-under-lock', 'escaped-entry',
	'read-walk', 'pair-order', 'queued-in-vain', 'missing-release',
	'looked-again', 'frozen-count', 'flushed-late', 'found-again', 'asserted-away', 'mapped-unasked', 'called-section', 'slept-under', 'plain-publication', 'sequence-section', 'start-reference', 'done-apart', 'acquired-load',
] as const;
export type Subject = (typeof SUBJECTS)[number];

/** What a mail may claim, as `Sayings` has it. */
export const CLAIMS = ['referenceKept', 'droppedTwice', 'freedTwice', 'usedFreed', 'deadlocks'] as const;
export type Claim = (typeof CLAIMS)[number];

/** What a made-up thread does with the object, for the sake of its name: it ends it or takes it away, finds or reads it, brings it (a page) in. */
export type Part = 'ends' | 'finds' | 'fills';

/** A thread of a partner, in C over the words of its subject. */
export interface PartnerThread {
	readonly name: string;
	readonly part?: Part;
	/** Absent: the context of what the subject's operation stops; `silenced`: of what its `silence` stops. */
	readonly context?: ContextKind | 'silenced';
	readonly start?: 'ready' | 'idle' | 'pending';
	/** What identifies it to code that starts and stops it, over the subject's words. */
	readonly key?: string;
	/** It is called back through what the function registers or takes away: after an unregister it runs no more. */
	readonly callback?: boolean;
	readonly body: string;
}

/**
 * Who may meet a change, told by the operation that the change adds, removes, moves or replaces, when the mail shows nothing of it. In the texts
 * `$word` is an expression of the change's own; a partner with a word that the change does not give is none.
 */
export interface PartnerRow {
	readonly partner: string;
	readonly subject: Subject;
	/** The APIs whose calls speak of somebody, for the subjects that need to be told. */
	readonly calls?: readonly string[];
	/** Calls that are to come behind those, for the subject of their order: a regular expression over all of the name. For uses behind them: what tells that it is asked for. For ranges of pages: what takes some away, or brings some in. For walks in a read side: what walks. For what is queued in vain: what answers true then. */
	readonly behind?: string;
	/** A member by which a caller is handed what it maps, for the subjects that need to be told. */
	readonly hands?: string;
	/** Only, or not, where the change gives this word. */
	readonly needs?: string;
	readonly unless?: string;
	readonly threads: readonly PartnerThread[];
	/** Who of whole files is meant, where they show him: he fills one of the slots, and makes a call that `does` matches (a regular expression over all of the name). */
	readonly plays?: { readonly slots?: readonly string[]; readonly does: string };
	/** The sentence where that one (`$bare`) takes no such lock: then the side with the protection fails as well. */
	readonly bare?: string;
	/** Words of the mail without which the change alone says too little: a regular expression, case ignored. */
	readonly prose?: string;
	/** What the mail must claim (mail/sayings.ts), or one of these, for the change to be read so. */
	readonly claim?: Claim | readonly Claim[];
	/** The change's own lines tell it well enough where the mail says nothing beside its title: then neither `prose` nor `claim` is missed. */
	readonly silent?: boolean;
	/** What the changed function is entered by; `$self` calls it. */
	readonly entered?: string;
	/** Functions that nobody shows, by the word that names them: their bodies. */
	readonly standIn?: Readonly<Record<string, string>>;
	/** What is done right before and after the statement of the function that the subject marks, and right after the one that it marks as earlier. */
	readonly aside?: { readonly earlier?: string; readonly before?: string; readonly after?: string };
	/** What the change may be told to do on the strength of it; both by default. */
	readonly tells?: readonly ('fixes' | 'introduces' | 'still-fails')[];
	/** Memory that reorders what nothing orders is part of the question, whatever the changed lines are. */
	readonly reorders?: boolean;
	/** A data race, else only a note, is a failure here: the change is about it. */
	readonly races?: boolean;
	/** The assumption: a sentence with words. */
	readonly says: string;
	/** The same where the change takes the protection away, without a word of that: then `prose` and `claim` are not asked for. Absent: that alone says too little. */
	readonly turned?: string;
	readonly source: string;
	readonly note?: string;
}

/** What a subject's finder may ask of a row. */
export const ASKED = ['calls', 'behind', 'hands', 'plays'] as const;
export type Asked = Pick<PartnerRow, (typeof ASKED)[number]>;
