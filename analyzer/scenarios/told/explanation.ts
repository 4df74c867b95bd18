import type { CheckName } from '../../../sim';
import type { Aside, Definition } from '../../lower/sources';
import type { CNode } from '../../parse';
import { type ImpliedScenario, own, thread, wrapper } from '../implied/partner';
import { told } from '../implied/steps';
import type { Claim } from './claim';
import { type Edit, headOf } from './edit';
import { clears, drops, initialises, masks, signals, takes, takesLock, unlocks } from './nature';

/** What of a change may be what ends the claimed failure, in C over one cell: `state` is 0 at first, 1 once the harm is done, 2 once it cannot be done any more. */
interface Explanation {
	/** Words between what is made and what comes behind it. */
	readonly says: string;
	readonly entered: string;
	/** Right after what the edit makes, on each side that has it. */
	readonly made?: string;
	/** Right before what the edit takes away. */
	readonly gone?: string;
	/** Right before the statement that comes behind; right after the one before. */
	readonly then?: string;
	readonly since?: string;
	/** Right after the statement that comes behind. */
	readonly past?: string;
	readonly other?: string;
}

const STATE = 'INSTANCE(told)->__state';
const WAITS = `while (READ_ONCE(${STATE}) == 1)\n\t\tcpu_relax();`;

const isWait = (check: CheckName): boolean => check === 'deadlock';

/** Somebody comes in between, whom what is made keeps out. */
const keptOut = (check: CheckName): Explanation => ({
	says: 'keeps out, of what comes behind it, somebody whom nobody shows',
	entered: `${STATE} = 0;\n$self;`,
	made: `${STATE} = 2;`,
	then: isWait(check) ? WAITS : `CHECK("${check}", ${STATE} != 1, "$then is done though somebody came before it, whom $made keeps out");`,
	other: `cmpxchg(&${STATE}, 0, 1);`,
});

/** Something is due since the statement before. */
const due = (check: CheckName, atEnd: boolean): Explanation => {
	const missing = `CHECK("${check}", ${STATE} != 1, "what $made does is still due");`;
	return {
		says: 'does what is due there',
		entered: `${STATE} = 0;\n$self;${atEnd && !isWait(check) ? `\n${missing}` : ''}`,
		since: `${STATE} = 1;`,
		made: `${STATE} = 2;`,
		...(isWait(check) ? { other: WAITS } : atEnd ? {} : { then: missing }),
	};
};

/** Nothing comes before it in its block: it is due as soon as one is there. */
const dueThere = (check: CheckName): Explanation => ({
	says: 'does what is due there',
	entered: `${STATE} = 0;\n$self;`,
	made: `${STATE} = 2;`,
	then: isWait(check) ? `if (${STATE} != 2)\n\t\t${STATE} = 1;` : `CHECK("${check}", ${STATE} == 2, "what $made does is still due");`,
	...(isWait(check) ? { other: WAITS } : {}),
});

/** What is taken away was done by somebody else as well. */
const twice = (check: CheckName): Explanation => ({
	says: 'is done by somebody else as well, whom nobody shows',
	entered: `${STATE} = 0;\n$self;\nCHECK("${check}", ${STATE} != 1, "what $made does is done once more");`,
	gone: `${STATE} = 1;`,
});

/** What is taken away, or what it took, was never given back. */
const taken = (check: CheckName): Explanation => ({
	says: 'takes what nobody gives back',
	entered: `${STATE} = 0;\n$self;\nCHECK("${check}", ${STATE} != 1, "what $made takes is never given back");`,
	gone: `${STATE} = 1;`,
});

/** What is taken away waits for who waits for what is held here. */
const blocked: Explanation = {
	says: 'waits for somebody who cannot go on before this is done',
	entered: `${STATE} = 1;\n$self;`,
	gone: WAITS,
};

/** What is taken away is what others come in between of. */
const raced = (check: CheckName): Explanation => ({
	says: 'may be met by somebody whom nobody shows',
	entered: `${STATE} = 0;\n$self;`,
	gone: `CHECK("${check}", ${STATE} != 1, "$made is done though somebody came before it");`,
	other: `cmpxchg(&${STATE}, 0, 1);`,
});

/** What is made ready only behind what starts something forgets the answer. */
const wiped: Explanation = {
	says: 'wipes out the answer of what comes behind it where that came first',
	entered: `${STATE} = 0;\n$self;\n${WAITS}`,
	made: `if (${STATE} == 2)\n\t\t${STATE} = 1;`,
	past: `${STATE} = 2;`,
};

/** Which of them the edit may be for a failure of that kind; null for none. */
function explanationOf(check: CheckName, edit: Edit): Explanation | null {
	const { how, made, then, since, beside } = edit;
	const text = how === 'guard' ? headOf(made) : made.text;
	const missing = (): Explanation | null => (since ? due(check, !beside) : beside ? dueThere(check) : null);
	const order = then ? keptOut(check) : null;
	switch (check) {
		case 'refcount-leak':
			return how === 'gone' ? (takes(text) ? taken(check) : null) : drops(text) ? missing() : null;
		case 'lock-held-at-return':
			return how === 'gone' ? (takesLock(text) ? taken(check) : null) : unlocks(text) ? missing() : null;
		case 'unlock-not-held':
			return how === 'gone' ? (unlocks(text) ? twice(check) : null) : how === 'guard' || takesLock(text) ? order : null;
		case 'refcount-underflow':
		case 'use-after-free':
			if (how === 'gone') return drops(text) ? twice(check) : raced(check);
			return clears(text) && how === 'added' && since ? due(check, true) : order;
		case 'deadlock':
			if (how === 'gone') return blocked;
			if (how === 'added' && (signals(text) || unlocks(text))) return missing();
			return how === 'moved' && initialises(text) && then ? wiped : order;
		case 'irq-unsafe-lock':
			return masks(text) ? order : null;
		default:
			return how === 'gone' ? raced(check) : order;
	}
}

/** The scenario in which the edit is what ends the claimed failure. */
export function explained(edit: Edit, claim: Claim, check: CheckName): ImpliedScenario | null {
	const { change, made, was, then, since, how } = edit;
	const how_ = explanationOf(check, edit);
	if (!how_) return null;
	const words = { made: `\`${told(headOf(made))}\``, ...(then ? { then: `\`${told(headOf(then.after))}\`` } : {}), self: `${change.name}(${change.after.fn.params.map((each) => each.name).join(', ')})` };
	const filled = (text: string): string => text.replace(/\$(made|then)\b/g, (_, word: 'made' | 'then') => words[word] ?? '');
	const aside = (name: string, text: string | undefined): Definition | null => (text === undefined ? null : thread(change, name, '', `\t${filled(text)}`));
	const asides = (side: 'before' | 'after'): ReadonlyMap<number, Aside> => {
		const all = new Map<number, Aside>();
		const put = (node: CNode | undefined, which: keyof Aside, definition: Definition | null): void => {
			if (node && definition) all.set(node.start, { ...all.get(node.start), [which]: definition });
		};
		put(since?.[side], 'after', aside('from_there', how_.since));
		const own = how === 'gone' ? undefined : side === 'after' ? made : was;
		const inside = edit.within && side === 'after' ? how_.made : undefined;
		if (!edit.within) put(own, 'after', aside('made', how_.made));
		put(then?.[side], 'before', aside('behind', how_.then === undefined && inside === undefined ? undefined : [inside, how_.then].filter((each) => each !== undefined).join('\n\t')));
		put(then?.[side], 'after', aside('past', how_.past));
		if (how === 'gone' && side === 'before') put(made, 'before', aside('gone', how_.gone));
		return all;
	};
	const entered = wrapper(change, filled(how_.entered), { self: words.self });
	const other = how_.other === undefined ? undefined : thread(change, 'who_comes_between', '', `\t${filled(how_.other)}`);
	if (!entered || other === null) return null;
	const ours = (side: 'before' | 'after'): Definition => {
		const { file, fn } = change[side];
		return { fn, file: { path: file.path, parsed: file.parsed, modelled: file.modelled, place: (line: number) => file.place(line), asides: asides(side) } };
	};
	const [before, after] = [ours('before'), ours('after')];
	const side = (which: 'pre' | 'post', definition: Definition): ImpliedScenario['pre'] => [own(change, entered, change[which], definition), ...(other ? [{ name: 'CPU1', entry: 'who_comes_between', definition: other, context: 'task' as const, start: 'ready' as const, runs: 1, modelled: true }] : [])];
	return {
		because: 'environment', reason: `the mail says: "${claim.text.slice(0, SAID_BOUND)}"; so ${words.made} ${how_.says}`,
		pre: side('pre', before), post: side('post', after), entries: [change.name, ...(other ? ['who_comes_between'] : [])], claimed: false, weight: 10, tells: 'fixes',
		own: { name: change.name, pre: before, post: after }, outline: new Set([check]),
	};
}

/** Characters of the mail's sentence that are repeated. */
const SAID_BOUND = 200;
