import { beginsWith, callsOne, isNamed, type Namings } from '../../../../knowledge/namings';
import { familyOf } from '../../../../knowledge/table';
import type { Definition } from '../../../../lower/sources';
import type { Change } from '../../change';
import type { Finding } from '../../partner';
import { isNewborn } from '../../newborn';
import { inOneSection, KEPT_OFF, type Point, pointsOf } from '../../sections';
import { LOCKING, told } from '../../steps';
import { type Twin, twinsOf } from '../../point-twins';
import { movedHere } from '../../moved-lock';
import { plainCalls } from '../../plain-calls';

/**
 * `first` is read and `acts` goes by it, in one critical section of `lock` on one side only: on the other the lock is not held at one of them, or is
 * given back between them. `acquire` and `release` take and give it back; `loosely`: the two only work on the same; `interrupted`: it is interrupts, or softirqs, that are off.
 */
export function oneSections(change: Change): readonly Finding[] {
	const [old, now] = [pointsOf(change.before, change.old), pointsOf(change.after, change.now)];
	const twins = twinsOf(change, old, now).filter((twin) => !isOwn(change, twin) && !isOfArguments(change, twin.after));
	return [...joined(change, twins), ...parted(change, twins, now)];
}

const CALLS = /\b(?!(?:sizeof|IS_ERR(?:_OR_NULL)?|PTR_ERR|likely|unlikely|if)\b)(\w+)\s*\(/g;

/** It makes something, or looks at what the function has made and nobody has found: there is nothing that others could change. */
function isOwn(change: Change, { before, after }: Twin): boolean {
	const { rows } = change.post.sources.table;
	if ([before, after].every(({ text }) => isOnStack(change, text) || isComputed(change, text))) return true;
	const calls = [...after.text.matchAll(CALLS)].map(([, api = '']) => api);
	const names = [...after.text.matchAll(/(?<![\w.>])([A-Za-z_]\w*)\s*->/g)].map(([, name = '']) => name);
	if (calls.length + names.length === 0 || /\w\.\w/.test(after.text) || !calls.every((api) => rows.get(api)?.effect === 'alloc')) return false;
	return names.every((name) => isNewborn(change.post.sources.table, change.before, change.old, name, before.node) && isNewborn(change.post.sources.table, change.after, change.now, name, after.node));
}

/** A call that is given nothing but what lies in the function's own frame: `init_completion(&req.done)`. */
function isOnStack({ after, before }: Change, text: string): boolean {
	const name = /^\w+\s*\(\s*&\s*([A-Za-z_]\w*)(?:\.\w+)*\s*\)\s*;?$/.exec(text)?.[1];
	return name !== undefined && [before, after].every(({ fn }) => new RegExp(`\\bstruct\\s+\\w+\\s+(?:[^;{}*]*,\\s*)?${name}\\s*[=;,[]`).test(fn.body.text));
}

/** It computes a local from locals and constants: `first = DIV_ROUND_UP(offset, PAGE_SIZE)`. */
function isComputed({ after, before }: Change, text: string): boolean {
	if (!ONE_LOCAL.test(text.replace(COMPARES, '')) || text.includes('->')) return false;
	const words = text.match(/[A-Za-z_]\w*/g) ?? [];
	return words.every((word) => NO_OBJECT.test(word) || [after, before].some(({ fn }) => isNumber(fn, word)));
}

const COMPARES = />>|<<|[<>]=?|[=!]=/g;
/** One assignment; neither what gets the value nor the value itself follows a pointer, or takes an address, a member or an element. */
const ONE_LOCAL = /^[^*&>.[\]=]*=[^*&.[\]=]*$/;
/** A constant, a type of numbers, or what tells the smaller or the larger one. */
const NO_OBJECT = /^[A-Z_0-9]+$|^(?:min|max)(?:_t)?$|^(?:u?int|u?long|loff_t|pgoff_t|size_t|unsigned|bool|u?\d+|[us]\d+|sector_t)$/;

/** A parameter, or a variable that the function declares, and no pointer. */
function isNumber({ params, body }: Definition['fn'], name: string): boolean {
	const declared = new RegExp(String.raw`(?:^|[{;])\s*(?:const\s+)?(?:unsigned\s+)?[a-z_]\w*\s+(?:[^;{}*]*,\s*)?${name}\s*[=;,]`, 'm');
	return params.some((param) => param.name === name && !param.type.includes('*')) || declared.test(body.text);
}

/** It asks whether what the function was handed as a number will do. */
const isOfArguments = ({ after: { fn } }: Change, { node, text }: Point): boolean =>
	node.type === 'if_statement' && !/->|\.\w/.test(text) && fn.params.some(({ name, type }) => name !== '' && !type.includes('*') && new RegExp(`\\b${name}\\b`).test(text));

function joined(change: Change, twins: readonly Twin[]): readonly Finding[] {
	const { table } = change.post.sources;
	const { rows } = table;
	const locks = new Set(twins.flatMap(({ after }) => [...after.held.keys()]));
	const acts = ({ text, node }: Point): boolean => {
		const api = /^(?:\w+\s*=\s*)?(\w+)\s*\(/.exec(text)?.[1];
		if (api === undefined) return node.type !== 'declaration' && /->|\./.test(text);
		return !LOCKING.has(rows.get(api)?.effect ?? '') && !isNamed(table, 'only-tells', api) && !familyOf(table, api) && !/^[A-Z_0-9]+$/.test(api);
	};
	const found: Finding[] = [];
	for (const lock of locks) {
		if (movedHere(change, lock)) continue;
		const context = KEPT_OFF[lock];
		const calls = context ? keptOff(change, context) : plainCalls(change, lock, 'task', true);
		const best = calls ? closest(pairs(table, lock, twins, acts)) : undefined;
		if (!calls || !best) continue;
		const { first, then, bond } = best;
		found.push({
			words: { ...calls, lock, first: told(first.after.text), acts: told(then.after.text), ...(bond < CARRIES ? { loosely: '1' } : {}) }, tells: 'fixes', ...(context ? { context } : {}),
			earlier: { before: first.before.node, after: first.after.node }, marked: { before: then.before.node, after: then.after.node },
		});
	}
	return found;
}

/** A field is set. */
const SETS = /^[A-Za-z_][\w.]*(?:->[\w.]+)+(?:\[[^\]]*\])?\s*(?:[-+|&^]?=(?!=)|\+\+|--)/;

/**
 * One section before, and none any more: the lock is still taken for the later one, or still was for the earlier one, and nothing is looked at once
 * more before the later one is done.
 */
function parted(change: Change, twins: readonly Twin[], now: readonly Point[]): readonly Finding[] {
	const { table } = change.post.sources;
	const turned = twins.map(({ before, after }) => ({ before: after, after: before }));
	const locks = new Set(twins.flatMap(({ before }) => [...before.held.keys()]));
	const taken = new Set(now.flatMap(({ held }) => [...held.keys()]));
	return [...locks].filter((lock) => taken.has(lock)).flatMap((lock): readonly Finding[] => {
		const calls = plainCalls(change, lock, 'task', true);
		const best = calls ? closest(pairs(table, lock, turned, ({ node, text }) => node.type === 'expression_statement' && (SETS.test(text) || beginsWith(table, 'puts-in', text))).filter(({ first, then, bond }) => {
			const [test, act] = [first.before, then.before];
			if (allocates(change, test.text)) return false;
			const again = now.some(({ node, held }) => node.type === 'if_statement' && node.start > test.node.start && node.start < act.node.start && held.has(lock) && held.get(lock) === act.held.get(lock));
			return bond >= CARRIES && act.held.has(lock) && !again;
		})) : undefined;
		if (!calls || !best) return [];
		const { first, then } = best;
		return [{
			words: { ...calls, lock, first: told(first.after.text), acts: told(then.after.text) }, tells: 'introduces',
			earlier: { before: first.after.node, after: first.before.node }, marked: { before: then.after.node, after: then.before.node },
		}];
	});
}

/** What is fresh nobody else can have changed. */
const allocates = ({ post }: Change, text: string): boolean => post.sources.table.rows.get(/=\s*(\w+)\s*\(/.exec(text)?.[1] ?? '')?.effect === 'alloc';

/** The calls that put them off and on again. */
function keptOff({ now }: Change, which: string): Readonly<Record<string, string>> | null {
	const [off, on] = [1, -1].map((delta) => now.find(({ row }) => row?.effect === 'context' && row.which === which && row.delta === delta)?.api);
	return off && on ? { interrupted: which, off, on } : null;
}

interface Bond {
	readonly first: Twin;
	readonly then: Twin;
	/** How plainly the later one goes by the earlier one: `CONTROLS` most. */
	readonly bond: number;
}

function pairs(table: Namings, lock: string, twins: readonly Twin[], acts: (point: Point) => boolean): readonly Bond[] {
	// Each of them is asked once, not once for each other one.
	const acting = new Set(twins.filter(({ after }) => acts(after)));
	return twins.flatMap((first, at) => (!reads(first.after) ? [] : twins.slice(at + 1).flatMap((then) => {
		if (!acting.has(then) || !inOneSection(first.after, then.after, lock) || inOneSection(first.before, then.before, lock) || first.before.node.start > then.before.node.start) return [];
		// Another lock did the same before.
		if ([...first.before.held].some(([other, section]) => then.before.held.get(other) === section && !first.after.held.has(other) && !then.after.held.has(other))) return [];
		const bond = bondOf(table, first.after, then.after);
		return bond > 0 ? [{ first, then, bond }] : [];
	})));
}

const closest = (all: readonly Bond[]): Bond | undefined => all.reduce<Bond | undefined>((best, each) => (best && best.bond >= each.bond ? best : each), undefined);

/** Something that others may have as well. */
const reads = ({ node, text }: Point): boolean => node.type !== 'return_statement' && (/->|\.\w/.test(text) || /\b(?![A-Z_0-9]+\b)\w+\s*\([^()]*\w/.test(text.replace(/^if\b/, '')));

const [CONTROLS, CARRIES, SHARES] = [3, 2, 1];

function bondOf(table: Namings, first: Point, then: Point): number {
	if (first.node.type === 'if_statement') {
		const consequence = first.node.field('consequence');
		const inside = consequence !== null && then.node.start >= consequence.start && then.node.end <= consequence.end;
		const leaves = consequence !== null && then.node.start >= first.node.end && /\b(return|goto|continue|break)\b/.test(consequence.text);
		// Whether there is such an operation at all is told by a table that nobody changes.
		if (then.text.startsWith(`${first.text.replace(/^\(!?\s*|\)$/g, '')}(`)) return 0;
		if (inside || leaves) return CONTROLS;
	}
	const given = /(?:^|[\s*])([A-Za-z_]\w*(?:(?:->|\.)\w+)*)(?:\[[^\]]*\])?\s*[-+|&^]?=(?!=)/.exec(first.text)?.[1];
	// What is given a new value there is not gone by.
	if (given && new RegExp(`(?<![\\w.>])${given.replace(/\./g, '\\.')}\\b`).test(then.text.replace(/^\w+\s*=(?!=)/, ''))) return CARRIES;
	const fields = (text: string): readonly string[] => [...text.matchAll(/(?:->|\.)(\w+)/g)].map((match) => match[1] ?? '');
	const own = new Set(fields(first.text));
	if (fields(then.text).some((field) => own.has(field))) return SHARES;
	const args = (text: string): readonly string[] => [...text.matchAll(/\w\s*\(([^()]*)\)/g)].flatMap((match) => (match[1] ?? '').split(',').map((each) => each.trim())).filter((each) => /^[a-z_]\w*$/.test(each));
	const passed = new Set(args(first.text));
	if (args(then.text).some((each) => passed.has(each))) return SHARES;
	return [first, then].every(({ text }) => callsOne(table, 'on-container', text)) ? SHARES : 0;
}
