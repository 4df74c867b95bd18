import type { Edit } from '../edit';
import type { FunctionText } from '../kernel-tree';
import type { MutantKind } from './kind';
import { isFree } from './operations';
import { type CallLine, callLines, isLoneBody } from './statements';

/** Kinds in which an operation gives way to a weaker form of it. */

const WITHOUT_WAIT: Readonly<Record<string, string>> = {
	cancel_work_sync: 'cancel_work', cancel_delayed_work_sync: 'cancel_delayed_work', del_timer_sync: 'del_timer', timer_delete_sync: 'timer_delete', hrtimer_cancel: 'hrtimer_try_to_cancel',
};
const PLAIN: Readonly<Record<string, string>> = {
	kref_get_unless_zero: 'kref_get', refcount_inc_not_zero: 'refcount_inc', atomic_inc_not_zero: 'atomic_inc', folio_try_get: 'folio_get', get_page_unless_zero: 'get_page',
};
const FREES = /^(k?v?free\w*|kmem_cache_free|free_percpu|\w+_free)$/;

const replaced = ({ at, indent, args }: CallLine, callee: string): Edit => ({ at, what: 'replace', text: `${indent}${callee}(${args.join(', ')});` });

/** `if (CONDITION)` with one way out below it, and no other branch. */
function guards({ lines, open, close }: FunctionText, condition: RegExp): readonly { readonly at: number; readonly indent: string; readonly match: RegExpExecArray }[] {
	return lines.slice(open, close).flatMap((line, index) => {
		const at = open + index;
		const match = /^(\s+)if \((.*)\)$/.exec(line);
		const asked = match && condition.exec(match[2]!);
		return match && asked && /^\s+(return|goto|continue|break)\b.*;$/.test(lines[at + 1] ?? '') && !/^\s+else/.test(lines[at + 2] ?? '') && !isLoneBody(lines, at) ? [{ at, indent: match[1]!, match: asked }] : [];
	});
}

export const WEAKENED: readonly MutantKind[] = [
	{
		name: 'cancel-without-wait', checks: ['use-after-free'],
		places: (fn) => {
			const calls = callLines(fn);
			return calls.filter((call) => WITHOUT_WAIT[call.callee] !== undefined && calls.some((later) => later.at > call.at && isFree(later, call))).map((each) => [replaced(each, WITHOUT_WAIT[each.callee]!)]);
		},
	},
	{
		name: 'delete-grace-period', checks: ['use-after-free', 'data-race'],
		places: (fn) => {
			const calls = callLines(fn);
			return calls.filter(({ at, callee }) => /^(synchronize_(s?rcu|net)|synchronize_rcu_expedited)$/.test(callee) && calls.some((later) => later.at > at && FREES.test(later.callee))).map(({ at }): readonly Edit[] => [{ at, what: 'delete' }]);
		},
	},
	{
		name: 'get-unless-zero', checks: ['resurrection', 'use-after-free'],
		places: (fn) => guards(fn, /^!(\w+)\((.*)\)$/).flatMap(({ at, indent, match }): readonly (readonly Edit[])[] => {
			const plain = PLAIN[match[1]!];
			return plain === undefined ? [] : [[{ at, what: 'replace', text: `${indent}${plain}(${match[2]});` }, { at: at + 1, what: 'delete' }]];
		}),
	},
	{
		name: 'trylock-ignored', checks: ['unlock-not-held', 'lost-data', 'check-then-act', 'data-race', 'use-after-free'],
		places: (fn) => guards(fn, /^!((?:mutex|spin|down_read|down_write)_?trylock\(.*\))$/).map(({ at, indent, match }): readonly Edit[] => [{ at, what: 'replace', text: `${indent}${match[1]};` }, { at: at + 1, what: 'delete' }]),
	},
	{
		name: 'test-and-set-in-two', checks: ['check-then-act', 'lost-data', 'data-race', 'use-after-free'],
		places: (fn) => guards(fn, /^test_and_(set|clear)_bit\((.*)\)$|^!test_and_(clear)_bit\((.*)\)$/).filter(({ match }) => match[1] === 'set' || match[3] === 'clear').map(({ at, indent, match }): readonly Edit[] => {
			const [what, args] = [match[1] ?? match[3], match[2] ?? match[4]];
			return [{ at, what: 'replace', text: `${indent}if (${what === 'clear' ? '!' : ''}test_bit(${args}))` }, { at: at + 2, what: 'insert', text: `${indent}${what}_bit(${args});` }];
		}),
	},
	{
		name: 'delete-barrier', checks: ['data-race', 'use-after-free', 'lost-data', 'check-then-act', 'assertion', 'deadlock'],
		places: (fn) => callLines(fn).filter(({ callee }) => /^smp_(wmb|rmb|mb)$/.test(callee)).map(({ at }): readonly Edit[] => [{ at, what: 'delete' }]),
	},
	{
		name: 'release-to-plain', checks: ['data-race', 'use-after-free', 'lost-data', 'check-then-act', 'assertion'],
		places: (fn) => callLines(fn).filter(({ callee, args }) => (callee === 'smp_store_release' || callee === 'rcu_assign_pointer') && args.length === 2 && args[1] !== 'NULL')
			.map(({ at, indent, callee, args }): readonly Edit[] => [{ at, what: 'replace', text: `${indent}${callee === 'rcu_assign_pointer' ? args[0] : args[0]!.startsWith('&') ? args[0]!.slice(1) : `*${args[0]}`} = ${args[1]};` }]),
	},
];
