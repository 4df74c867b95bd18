import type { Edit } from '../edit';
import type { FunctionText } from '../kernel-tree';
import { acquireOf, isFree, isGet, isPut, isRelease, type LockCall, SLEEPING_OFF } from './operations';
import { type CallLine, callLines, isLoneBody, lastName } from './statements';
import type { MutantKind } from './kind';
import { MOVED } from './moved';
import { WEAKENED } from './weakened';

const drop = (lines: readonly { readonly at: number }[]): readonly Edit[] => lines.map(({ at }) => ({ at, what: 'delete' }));
const locksOf = (calls: readonly CallLine[]): readonly LockCall[] => calls.flatMap((call) => acquireOf(call) ?? []);
const unlocksOf = (calls: readonly CallLine[], lock: LockCall): readonly CallLine[] => calls.filter((call) => isRelease(call, lock));
const textOf = ({ lines, open, close }: FunctionText): string => lines.slice(open, close).join('\n');

/** Where a path leaves: the lines from `at` on reach a return or a jump before anything else happens. */
const leavesAfter = (lines: readonly string[], at: number): boolean => /^\s*(return\b|goto\b)/.test(lines[at + 1] ?? '');

/** What holds a spinlock between the two lines, as far as text tells: nothing releases it in between. */
const regionOf = (calls: readonly CallLine[], lock: LockCall): { readonly from: number; readonly to: number } | null => {
	const end = unlocksOf(calls, lock).find((call) => call.at > lock.call.at);
	return end ? { from: lock.call.at, to: end.at } : null;
};

const FIRST: readonly MutantKind[] = [
	{
		name: 'unlock-on-one-path', checks: ['lock-held-at-return', 'deadlock'],
		places: (fn) => {
			const calls = callLines(fn);
			return locksOf(calls).flatMap((lock) => {
				const unlocks = unlocksOf(calls, lock);
				return unlocks.length >= 2 ? unlocks.filter(({ at }) => leavesAfter(fn.lines, at)).map((each) => drop([each])) : [];
			});
		},
	},
	{
		name: 'lock-pair', checks: ['use-after-free', 'lost-data', 'check-then-act', 'resurrection', 'refcount-underflow', 'stale-mapping', 'assertion', 'deadlock', 'data-race'],
		places: (fn) => {
			const calls = callLines(fn);
			return locksOf(calls).flatMap((lock) => {
				const unlocks = unlocksOf(calls, lock);
				const others = locksOf(calls).filter((each) => each.key === lock.key);
				const all = textOf(fn).split(new RegExp(`\\b${lock.release}\\(`)).length - 1;
				return others.length === 1 && unlocks.length > 0 && unlocks.length === all && !isNew(fn, lock) ? [drop([lock.call, ...unlocks])] : [];
			});
		},
	},
	{
		name: 'swap-nested', checks: ['deadlock'],
		places: (fn, file) => {
			const calls = callLines(fn);
			return locksOf(calls).flatMap((outer) => {
				const inner = locksOf(calls).find((each) => each.call.at === outer.call.at + 1 && each.key !== outer.key);
				return inner && file.some((other) => other !== fn && nests(other, outer, inner)) ? [swap(fn, outer.call.at, inner.call.at)] : [];
			});
		},
	},
	{
		name: 'delete-get', checks: ['use-after-free', 'refcount-underflow', 'resurrection'],
		places: (fn) => callLines(fn).filter(isGet).map((each) => drop([each])),
	},
	{
		name: 'delete-put', checks: ['refcount-leak'],
		// Only what the function itself acquired is its own to drop.
		places: (fn) => {
			const calls = callLines(fn);
			return calls.filter((call) => isPut(call) && acquired(fn, calls, call)).map((each) => drop([each]));
		},
	},
	{
		name: 'delete-cancel-sync', checks: ['use-after-free'],
		places: (fn) => {
			const calls = callLines(fn);
			return calls.filter((call) => SLEEPING_OFF.test(call.callee) && calls.some((later) => later.at > call.at && isFree(later, call))).map((each) => drop([each]));
		},
	},
	{
		name: 'rcu-pair', checks: ['use-after-free', 'data-race'],
		places: (fn, file) => {
			const calls = callLines(fn);
			const locks = calls.filter(({ callee }) => callee === 'rcu_read_lock');
			const unlocks = calls.filter(({ callee }) => callee === 'rcu_read_unlock');
			const all = textOf(fn).split('rcu_read_unlock(').length - 1;
			const section = locks.length === 1 && unlocks.length > 0 && unlocks.length === all ? fn.lines.slice(locks[0]!.at + 1, unlocks.at(-1)!.at).join('\n') : '';
			return readsByRcu(section) && !isCalledInSections(fn, file) ? [drop([...locks, ...unlocks])] : [];
		},
	},
	{
		name: 'gfp-sleeping', checks: ['sleep-in-atomic'],
		places: (fn) => {
			const calls = callLines(fn);
			return locksOf(calls).filter(({ spins }) => spins).flatMap((lock) => {
				const region = regionOf(calls, lock);
				if (!region) return [];
				const lines = [...fn.lines.keys()].slice(region.from, region.to).filter((at) => fn.lines[at]!.includes('GFP_ATOMIC'));
				return lines.map((at): readonly Edit[] => [{ at, what: 'replace', text: fn.lines[at]!.replace('GFP_ATOMIC', 'GFP_KERNEL') }]);
			});
		},
	},
	{
		name: 'irqsave-to-plain', checks: ['irq-unsafe-lock', 'deadlock'],
		// An interrupt handler of the same file must take the lock, else nothing is wrong.
		places: (fn, file) => {
			const calls = callLines(fn);
			const handler = (lock: LockCall): boolean => file.some((other) => other !== fn && isHandler(other) && locksOf(callLines(other)).some((each) => each.spins && lastName(each.key) === lastName(lock.key)));
			return isHandler(fn) ? [] : locksOf(calls).filter(({ call }) => /^spin_lock_irq(save)?$/.test(call.callee)).flatMap((lock) => {
				const unlocks = unlocksOf(calls, lock);
				if (unlocks.length === 0 || locksOf(calls).filter(({ key }) => key === lock.key).length > 1 || !handler(lock)) return [];
				const plain = ({ at, indent }: CallLine, callee: string): Edit => ({ at, what: 'replace', text: `${indent}${callee}(${lock.key});` });
				return [[plain(lock.call, 'spin_lock'), ...unlocks.map((each) => plain(each, 'spin_unlock'))]];
			});
		},
	},
	{
		name: 'access-past-unlock', checks: ['use-after-free', 'lost-data', 'check-then-act', 'data-race', 'deadlock'],
		places: (fn, _, around) => {
			const calls = callLines(fn);
			return locksOf(calls).flatMap((lock) => unlocksOf(calls, lock)
				// What is the task's own no other task comes upon, whatever lock is held.
				.filter(({ at }) => at > lock.call.at + 1 && !/\bcurrent->/.test(fn.lines[at - 1]!) && /^\s+[\w>.[\]-]*(->|\.)[\w>.[\]-]*\s*([-+|&]?=|\+\+|--)[^;{}]*;$/.test(fn.lines[at - 1]!) && !isLoneBody(fn.lines, at - 1)
					// Where nobody else makes or reads it under that lock, the lock keeps nothing of it; and of what is new nobody knows yet.
					&& around.keepsFor(fn, lock, at - 1) && !isNew(fn, lock))
				.map(({ at }) => swap(fn, at - 1, at)));
		},
	},
	{
		name: 'kfree-rcu-to-kfree', checks: ['use-after-free'],
		places: (fn) => callLines(fn).filter(({ callee, args }) => /^kv?free_rcu$/.test(callee) && args.length === 2)
			.map(({ at, indent, callee, args }): readonly Edit[] => [{ at, what: 'replace', text: `${indent}${callee.replace('_rcu', '')}(${args[0]});` }]),
	},
	{
		name: 'delete-recheck', checks: ['use-after-free', 'lost-data', 'check-then-act', 'data-race', 'stale-mapping'],
		places: (fn) => locksOf(callLines(fn)).flatMap((lock) => {
			const at = lock.call.at + 1;
			const [test = '', leave = ''] = [fn.lines[at], fn.lines[at + 1]];
			const condition = /^\s+if \((.*)\)$/.exec(test)?.[1];
			// Tested once before the lock, and again under it: the same test, not a part of another one, which asks for something else.
			const again = condition !== undefined && fn.lines.slice(fn.open, lock.call.at).some((line) => /^\s+if \((.*)\)( \{)?$/.exec(line)?.[1] === condition);
			return again && /^\s+(goto|return|continue|break)\b.*;$/.test(leave) && !/^\s+else/.test(fn.lines[at + 2] ?? '') ? [drop([{ at }, { at: at + 1 }])] : [];
		}),
	},
];

export const KINDS: readonly MutantKind[] = [...FIRST, ...WEAKENED, ...MOVED];

const swap = ({ lines }: FunctionText, first: number, second: number): readonly Edit[] => [
	{ at: first, what: 'delete' }, { at: second + 1, what: 'insert', text: lines[first]! },
];

/** The object that the lock lies in was made by the function itself: nobody else has found it. */
function isNew({ lines, open }: FunctionText, lock: LockCall): boolean {
	const root = /\w+/.exec(lock.key)?.[0] ?? '';
	return lines.slice(open, lock.call.at).some((line) => new RegExp(`\\b${root} = \\w*alloc\\w*\\(`).test(line));
}

const WALKS = /for_each\w*rcu\w*\(|\b(?!k?v?free|call|h?list_(?:add|del|bl_add|bl_del)|list_replace)\w+_rcu\(|radix_tree_|\bxas?_|\bidr_find/;
const FOLLOWED = /\brcu_dereference\w*\((?:[^()]|\([^()]*\))*\)\)*(?:->|\[)/;

/** The section walks what RCU keeps, or goes by a pointer that it keeps: one that is only compared with NULL leads nowhere. */
function readsByRcu(section: string): boolean {
	if (WALKS.test(section) || FOLLOWED.test(section)) return true;
	return [...section.matchAll(/\b(\w+) = rcu_dereference/g)].some(([, name = '']) => {
		const tests = new RegExp(`\\b(?:if|while|(?:un)?likely|WARN_ON\\w*) ?\\(!?${name}\\)`, 'g');
		return new RegExp(`(?<![\\w.>])${name}->|\\w\\((?:[^()]*, )?&?${name}[,)]`).test(section.replace(tests, ''));
	});
}

/** All who call it, in its file alone, do so in a read side themselves. */
function isCalledInSections(fn: FunctionText, file: readonly FunctionText[]): boolean {
	const isStatic = fn.lines.slice(Math.max(0, fn.open - 3), fn.open).some((line) => /^static\b/.test(line));
	const call = new RegExp(`\\b${fn.name}\\(`);
	const places = file.filter((other) => other !== fn).flatMap(({ lines, open, close }) => lines.slice(open, close).flatMap((line, index) => (call.test(line) ? [lines.slice(open, open + index)] : [])));
	return isStatic && places.length > 0 && places.every((before) => {
		// An end on a way that leaves is none on the others.
		const last = before.findLast((line, at) => /\brcu_read_(un)?lock\(\)/.test(line) && !before.slice(at + 1, at + 3).some((each) => /^\s*(return|goto)\b/.test(each)));
		return last?.includes('rcu_read_lock()') ?? false;
	});
}

const nests = (fn: FunctionText, outer: LockCall, inner: LockCall): boolean => {
	const calls = callLines(fn);
	const locks = locksOf(calls);
	const first = locks.find((each) => lastName(each.key) === lastName(outer.key));
	const second = locks.find((each) => lastName(each.key) === lastName(inner.key));
	const end = first && unlocksOf(calls, first).find((call) => call.at > first.call.at);
	return first !== undefined && second !== undefined && end !== undefined && first.call.at < second.call.at && second.call.at < end.at;
};

/** Runs with interrupts off: handed to request_irq(), not to a thread. */
const isHandler = ({ name, lines, open }: FunctionText): boolean => lines.slice(Math.max(0, open - 3), open).some((line) => /\birqreturn_t\b/.test(line))
	&& new RegExp(`\\brequest_irq\\([^;]*\\b${name}\\b`).test(lines.join('\n'));

/** The variable was got, looked up or assigned from a call earlier in the function. */
function acquired(fn: FunctionText, calls: readonly CallLine[], put: CallLine): boolean {
	const name = /\w+/.exec(put.args[0]?.replace(/^&/, '') ?? '')?.[0];
	if (name === undefined) return false;
	const assigned = new RegExp(`\\b${name} = \\w*(get|find|lookup|grab|alloc|dup)\\w*\\(`);
	return calls.some((call) => call.at < put.at && isGet(call) && call.args.some((arg) => new RegExp(`\\b${name}\\b`).test(arg)))
		|| fn.lines.slice(fn.open, put.at).some((line) => assigned.test(line));
}
