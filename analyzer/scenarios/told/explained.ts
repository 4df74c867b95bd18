import type { CheckName } from '../../../sim';

/** How an edit may be what ends the claimed failure, in C over one cell, which is 0 at first, 1 once harm may be done, 2 once it cannot be done any more. `$made` and `$next` are the edit's statements, `$keeps` and `$kept` say what such a one does to another thread. */
export interface Explanation {
	/** What the edit is assumed to be: the end of a sentence that begins with what it makes. */
	readonly says: string;
	readonly entered: string;
	/** Right after what the edit makes, on each side that has it. */
	readonly made?: string;
	/** Right before what the edit takes away, or what it was before. */
	readonly gone?: string;
	/** Where a condition that the edit makes leaves. */
	readonly leaving?: string;
	/** Right before each jump that the edit's statement has inside. */
	readonly out?: string;
	/** Right before, and right after, the statement that comes behind. */
	readonly next?: string;
	readonly past?: string;
	/** Right after the one before. */
	readonly since?: string;
	/** What another thread does. */
	readonly other?: string;
}

/** One step each: nothing but their order is asked about. */
const CELL = 'INSTANCE(told)->__in_between';
const STATE = `READ_ONCE(${CELL})`;
const becomes = (value: number): string => `WRITE_ONCE(${CELL}, ${value});`;

/** What is made keeps others out; a test does not, nor does a barrier. */
export const KEEPING = {
	out: { keeps: 'keep another thread, not in this mail, out of what follows it', kept: 'would have kept out' },
	noticed: { keeps: 'notice another thread, not in this mail, before what follows it', kept: 'would have noticed' },
	ordered: { keeps: 'order another thread, not in this mail, against what follows it', kept: 'would have ordered' },
} as const;

/** Somebody comes in between, whom what is made keeps out. */
export const keptOut = (check: CheckName): Explanation => ({
	says: 'is assumed to $keeps',
	entered: `${becomes(0)}\n$self;`,
	made: becomes(2),
	next: `CHECK("${check}", ${STATE} != 1, "another thread gets in before $next, which $made $kept");`,
	other: `cmpxchg(&${CELL}, 0, 1);`,
});

/** Something is due since the statement before. */
export const due = (check: CheckName, atEnd: boolean): Explanation => {
	const missing = `CHECK("${check}", ${STATE} != 1, "what $made does is not done");`;
	return {
		says: 'is assumed to be what was missing there',
		entered: `${becomes(0)}\n$self;${atEnd ? `\n${missing}` : ''}`,
		since: becomes(1),
		made: becomes(2),
		...(atEnd ? {} : { next: missing }),
	};
};

/** Nothing comes before it in its block: it is due as soon as one is there. */
export const dueThere = (check: CheckName): Explanation => ({
	says: 'is assumed to be what was missing there',
	entered: `${becomes(0)}\n$self;`,
	made: becomes(2),
	next: `CHECK("${check}", ${STATE} == 2, "what $made does is not done");`,
});

/** It is due wherever the function comes by. */
export const dueFromEntry = (check: CheckName): Explanation => ({
	says: 'is assumed to be what was missing there',
	entered: `${becomes(1)}\n$self;\nCHECK("${check}", ${STATE} != 1, "what $made does is not done");`,
	made: becomes(2),
	leaving: becomes(2),
});

/** A lock behind which nothing is as it was: it is missing since the statement before it, or since the function's beginning. */
export const keptOutFrom = (check: CheckName, since: boolean): Explanation => ({
	says: 'is assumed to $keeps',
	entered: `${becomes(since ? 2 : 0)}\n$self;\nCHECK("${check}", ${STATE} != 1, "another thread gets in, which $made $kept");`,
	...(since ? { since: becomes(0) } : { leaving: becomes(2) }),
	made: becomes(2),
	other: `cmpxchg(&${CELL}, 0, 1);`,
});

/** A condition in another one's place: what comes behind is done only where it says so. */
export const stronger = (check: CheckName): Explanation => ({
	says: 'is assumed to $keeps',
	entered: `${becomes(0)}\n$self;`,
	made: becomes(2),
	next: `CHECK("${check}", ${STATE} != 1, "another thread gets in before what follows, which $made $kept");`,
	other: `cmpxchg(&${CELL}, 0, 1);`,
});

/** The way out went by it. */
export const passedBy = (check: CheckName): Explanation => ({
	says: 'is assumed to be what was missing on that way out',
	entered: `${becomes(1)}\n$self;`,
	gone: `CHECK("${check}", ${STATE} != 1, "what $made does is not done on that way out");`,
});

/** What stood in its place did otherwise. */
export const otherwise = (check: CheckName): Explanation => ({
	says: 'in the place of $was is assumed to be what ends that',
	entered: `${becomes(1)}\n$self;`,
	gone: `CHECK("${check}", ${STATE} != 1, "$was is not what $made is");`,
});

/** The function went on from what stands before it to what stands behind it. */
export const fellThrough = (check: CheckName): Explanation => ({
	says: 'is assumed to spare what follows it, which is done already where the function comes from above',
	entered: `${becomes(0)}\n$self;`,
	since: becomes(1),
	next: `CHECK("${check}", ${STATE} != 1, "$next comes behind what has done it already");`,
});

/** The way out came by it, and does no longer. */
export const cameBy = (check: CheckName, does: string): Explanation => ({
	says: `comes by \`${does}\`, which is assumed to be too much on that way out`,
	entered: `${becomes(1)}\n$self;`,
	gone: `CHECK("${check}", ${STATE} != 1, "\`${does}\` is done on a way out where nothing is to be given back");`,
});

/** The way out came behind what takes something, and gave nothing back. */
export const leftWith = (check: CheckName): Explanation => ({
	says: 'is assumed to leave without giving back what the next statement takes, where that comes first',
	entered: `${becomes(0)}\n$self;`,
	out: `CHECK("${check}", ${STATE} != 1, "$made leaves with what $next has taken");`,
	past: becomes(1),
});

/** What the function's end tells of what is taken away. */
const toldAtEnd = (check: CheckName, says: string, message: string): Explanation => ({
	says,
	entered: `${becomes(0)}\n$self;\nCHECK("${check}", ${STATE} != 1, "${message}");`,
	gone: becomes(1),
});

export const twice = (check: CheckName): Explanation => toldAtEnd(check, 'is assumed to be done elsewhere as well, not in this mail', 'what $made does is done once more');
export const taken = (check: CheckName): Explanation => toldAtEnd(check, 'is assumed to take what nobody gives back', 'what $made takes is never given back');

/** Whoever takes down has stopped it already. */
export const startedAgain = (check: CheckName): Explanation => toldAtEnd(check, 'is assumed to start what has been stopped for good by then', 'what $made starts runs when what it uses is gone');

/** Whether somebody waits is asked where nothing orders that behind what he waits for. */
export const passesBy = (check: CheckName): Explanation => toldAtEnd(check, 'does not see who has just begun to wait', 'who has just begun to wait is not woken up');

/** What is taken away waits for who waits for what is held here. */
export const blocked: Explanation = {
	says: 'is assumed to wait for a thread, not in this mail, that cannot go on before it is done',
	entered: `${becomes(1)}\n$self;`,
	gone: `CHECK("deadlock", ${STATE} != 1, "$made waits for ever");`,
};

/** What is taken away is what others come in between of. */
export const raced = (check: CheckName): Explanation => ({
	says: 'is assumed to race with another thread, not in this mail',
	entered: `${becomes(0)}\n$self;`,
	gone: `CHECK("${check}", ${STATE} != 1, "another thread gets in before $made");`,
	other: `cmpxchg(&${CELL}, 0, 1);`,
});

/** What is made ready only behind what starts something forgets the answer. */
export const wiped: Explanation = {
	says: 'is assumed to wipe out the answer to what follows it, where that comes first',
	entered: `${becomes(0)}\n$self;\nCHECK("deadlock", ${STATE} != 1, "the answer that $made has wiped out is waited for");`,
	made: `if (${STATE} == 2)\n\t\t${becomes(1)}`,
	past: becomes(2),
};

/** What comes behind it gives up what it works on. */
export const usedAfter = (check: CheckName): Explanation => ({
	says: 'works on what the next statement gives up',
	entered: `${becomes(0)}\n$self;`,
	made: `CHECK("${check}", ${STATE} != 1, "$made works on what $next has given up");`,
	past: becomes(1),
});
