import type { Failure, Program } from '../../../sim';
import { isNamed } from '../../knowledge/namings';
import { lastOf, type Lowered, type Origin } from '../../lower';
import { type CNode, type FunctionSource, isWhole } from '../../parse';
import { leavesFailing } from '../outcomes/leaves-failing';
import { passed } from '../search/replayed';

type Told = Failure & { readonly program: Program };

/** What the sides of the patch have in common where a lock is still held. */
export interface Around {
	/** The function is on one side only: nothing tells what it kept before. */
	readonly fresh: boolean;
	/** Locks that the patch's own lines of before release. */
	readonly releasedBefore: ReadonlySet<string>;
}

/**
 * The function returns with the lock held so that its caller has it: it says where the lock is, gives back what the lock lies in, or by its name promises
 * to; it tells by what it returns whether it is held; or it is all that is new, and its end is reached so. Whoever leaves with an error keeps nothing for anybody.
 */
export function isHandedOn(lowered: Lowered, failure: Told, lock: string, { fresh, releasedBefore }: Around): boolean {
	const definition = lowered.parties[failure.thread]?.definition;
	if (!definition) return false;
	const { fn } = definition;
	const own = passedOf(lowered, failure).filter(({ origin }) => origin.function === fn.name && origin.file === definition.file.path);
	const last = fn.body.named.findLast(({ type }) => type !== 'comment');
	// Its end is fallen into; every other return is a jump.
	const early = own.findLast(({ op, origin }) => op === 'jump' && /^return\b/.test(origin.text))?.origin;
	const atEnd = early === undefined || early.line >= definition.file.place(last?.line ?? 0).file;
	const returned = early?.text ?? last?.text ?? '';
	if (lowered.reading.side === 'post' && releasedBefore.has(lock) && givenToUnseen(lowered, own.map(({ origin }) => origin), own.find(({ op, key }) => op === 'lock' && key === lock)?.origin.text ?? '')) return true;
	if (leavesFailing(lowered, failure) || NOTHING.test(returned)) return false;
	const taken = own.filter(({ op, key }) => (op === 'lock' || op === 'trylock') && (key === lock || key?.startsWith('*'))).map(({ origin }) => origin.text);
	if (taken.some((text) => isTold(fn, text)) || taken.some((text) => liesIn(text, returned))) return true;
	if (definition.file.parsed.functions.some((caller) => caller !== fn && givesBackFor(caller, fn.name, lastOf(lock)))) return true;
	if (!isWhole(fn)) return isNamed(lowered, 'hands-on', fn.name);
	if (atEnd) return fresh || isNamed(lowered, 'hands-on', fn.name);
	return SUCCESS.test(returned) && NOTHING.test(last?.text ?? '');
}

/** What the failing thread did on the way, in order. */
function passedOf({ origins, notes }: Lowered, { program, thread, schedule }: Told): readonly { readonly op: string; readonly key: string | undefined; readonly origin: Origin }[] {
	const code = program.threads[thread]?.code ?? [];
	return passed(program, schedule, thread).flatMap((pc) => {
		const op = code[pc];
		const origin = op && origins[op.origin];
		return origin ? [{ op: op.op, key: notes[thread]?.[pc]?.key, origin }] : [];
	});
}

/** What says that it could not, and what says that it could. */
const NOTHING = /^return\s+(?:\(\s*)?(?:NULL|false|FALSE|-E?[A-Z0-9]+|ERR_PTR\s*\(.*)\s*\)?\s*;?$/;
const SUCCESS = /^return\s+(?:true|TRUE|[01])\s*;?$/;

/** `spin_lock(*ptlp)`, `spin_lock_irqsave(&x->lock, *flags)`: the caller is told where the lock is, or as what it is to be given back. */
function isTold({ params, body }: FunctionSource, taken: string): boolean {
	const argument = /\((.*)\)/s.exec(taken)?.[1] ?? '';
	if (/,\s*\*\s*\w+\s*$/.test(argument) || /^\s*\*\s*\w+\s*$/.test(argument)) return true;
	// `*ptlp = lock`, `*ptlp = pmd_lock(mm, pmd)`
	const object = argument.replace(/^\s*&?\s*/, '').trim();
	return assignments(body).some(([left, right]) => /^\*\s*\w+$/.test(left) && (right === taken.replace(/^\*\s*\w+\s*=\s*/, '') || (object !== '' && right.replace(/^&\s*/, '') === object)))
		|| params.some(({ name, type }) => /lock|mutex|sem/.test(type) && /\*\s*\*\s*$/.test(type) && new RegExp(`\\b${name}\\b`).test(argument));
}

const assignments = (node: CNode): readonly (readonly [string, string])[] =>
	(node.type === 'assignment_expression' ? [[node.field('left')?.text ?? '', node.field('right')?.text ?? ''] as const] : node.named.flatMap(assignments));

/** `spin_lock(&s->lock)` and `return s`. */
function liesIn(taken: string, returned: string): boolean {
	const [, object] = /^return\s+(?:\(\s*)?&?(\w+)\s*\)?\s*;?$/.exec(returned) ?? [];
	return object !== undefined && new RegExp(`\\(\\s*&?\\s*${object}\\b\\s*(?:->|[),])`).test(taken);
}

/** Behind the call of the function it releases the lock, which it takes nowhere itself. */
function givesBackFor({ body }: FunctionSource, name: string, lock: string): boolean {
	const at = new RegExp(`\\b${name}\\s*\\(`).exec(body.text)?.index;
	if (at === undefined || !/^\w+$/.test(lock)) return false;
	const of = (word: string): RegExp => new RegExp(`${word}\\w*\\s*\\([^;{}]*\\b${lock}\\b`);
	return of('(?:unlock|up)').test(body.text.slice(at)) && !of('(?:(?:^|[^n])lock|\\bdown)').test(body.text);
}

/** The release that the patch takes away may be what a call of its own does, which nobody shows and which is given the object. */
function givenToUnseen({ unmodelled }: Lowered, own: readonly Origin[], taken: string): boolean {
	const [, object] = /\(\s*&?\s*(\w+)/.exec(taken) ?? [];
	const unseen = new Set(unmodelled.map((name) => name.replace(/\(.*$/, '')));
	return object !== undefined && own.some(({ text, changed }) => changed && [...text.matchAll(/\b(\w+)\s*\(([^()]*)/g)].some(([, name = '', args = '']) => unseen.has(name) && new RegExp(`\\b${object}\\b`).test(args)));
}
