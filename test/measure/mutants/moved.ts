import type { Edit } from '../edit';
import type { FunctionText } from '../kernel-tree';
import type { MutantKind } from './kind';
import { acquireOf, isGet, isPut, isRelease } from './operations';
import { type CallLine, callLines, isLoneBody } from './statements';

/** Kinds in which an operation comes too early or too late, or a way out goes past it. */

const swap = ({ lines }: FunctionText, first: number, second: number): readonly Edit[] => [{ at: first, what: 'delete' }, { at: second + 1, what: 'insert', text: lines[first]! }];
const rootOf = (text = ''): string => /[A-Za-z_]\w*/.exec(text.replace(/^&/, ''))?.[0] ?? '';
const names = (text: string, name: string): boolean => name !== '' && new RegExp(`(?<![\\w.>])${name}\\b`).test(text);
/** A store to a field, on a line of its own. */
const isStore = (lines: readonly string[], at: number): boolean => /^\s+\w[\w>.[\]-]*(->|\.)[\w>.[\]-]*\s*=[^=][^;{}]*;$/.test(lines[at] ?? '') && !isLoneBody(lines, at);

const WAKES = /^(complete(_all)?|wake_up\w*|swake_up\w*)$/;
const PUBLISHES = /^(list_add(_tail)?(_rcu)?|hlist_add_head(_rcu)?|rcu_assign_pointer|hash_add(_rcu)?|smp_store_release)$/;

/** Calls that another line stands right before. */
const behindStore = (fn: FunctionText, which: (call: CallLine, store: string) => boolean): readonly (readonly Edit[])[] =>
	callLines(fn).filter((call) => isStore(fn.lines, call.at - 1) && which(call, fn.lines[call.at - 1]!)).map(({ at }) => swap(fn, at - 1, at));

export const MOVED: readonly MutantKind[] = [
	{
		name: 'get-past-unlock', checks: ['use-after-free', 'resurrection', 'refcount-underflow'],
		places: (fn) => {
			const calls = callLines(fn);
			const locks = calls.flatMap((call) => acquireOf(call) ?? []);
			return calls.filter((call) => isGet(call) && calls.some((next) => next.at === call.at + 1 && (next.callee === 'rcu_read_unlock' || locks.some((lock) => isRelease(next, lock)))
				// It was found in the section.
				&& fn.lines.slice(Math.max(fn.open, ...calls.filter(({ at, callee }) => at < call.at && (callee === 'rcu_read_lock' || acquireOf({ at, callee, args: [], indent: '' }) !== null)).map(({ at }) => at)), call.at).some((line) => new RegExp(`\\b${rootOf(call.args[0])}\\s*=[^=]`).test(line)))).map(({ at }) => swap(fn, at, at + 1));
		},
	},
	{
		name: 'put-before-use', checks: ['use-after-free'],
		places: (fn) => callLines(fn).filter((put) => isPut(put) && /->/.test(fn.lines[put.at - 1]!) && /^\s+[^{}]*;$/.test(fn.lines[put.at - 1]!) && !/\b(return|goto|break)\b/.test(fn.lines[put.at - 1]!) && !isLoneBody(fn.lines, put.at - 1)
			&& new RegExp(`(?<![\\w.>&])${rootOf(put.args[0])}->`).test(fn.lines[put.at - 1]!) && !new RegExp(`\\b${rootOf(put.args[0])}->`).test(put.args[0] ?? '')).map(({ at }) => swap(fn, at - 1, at)),
	},
	{
		name: 'return-past-unlock', checks: ['lock-held-at-return', 'deadlock'],
		places: (fn) => {
			const { lines, open, close } = fn;
			const calls = callLines(fn);
			const locks = calls.flatMap((call) => acquireOf(call) ?? []);
			return lines.slice(open, close).flatMap((line, index): readonly (readonly Edit[])[] => {
				const at = open + index;
				const [, indent = '', label = ''] = /^(\s+)goto (\w+);$/.exec(line) ?? [];
				const target = lines.indexOf(`${label}:`, at);
				const unlock = calls.find((call) => call.at === target + 1 && locks.some((lock) => isRelease(call, lock) && lock.call.at < at));
				const leave = /^\s+(return\b[^;]*;)$/.exec(lines[target + 2] ?? '')?.[1];
				return label !== '' && target > at && unlock && leave ? [[{ at, what: 'replace', text: `${indent}${leave}` }]] : [];
			});
		},
	},
	{ name: 'wake-before-store', checks: ['deadlock', 'data-race', 'lost-data', 'use-after-free', 'check-then-act'], places: (fn) => behindStore(fn, ({ callee, args }, store) => WAKES.test(callee) && names(store, rootOf(args[0]))) },
	{
		name: 'publish-before-store', checks: ['data-race', 'use-after-free', 'lost-data', 'check-then-act', 'assertion'],
		// Of what the function has made itself, and outside any lock that others take to find it.
		places: (fn) => {
			const calls = callLines(fn);
			return behindStore(fn, (call, store) => PUBLISHES.test(call.callee) && names(call.args.join(' '), rootOf(store.trim())) && !names(store.split('=')[1] ?? '', rootOf(call.args.at(-1)))
				&& fn.lines.slice(fn.open, call.at).some((line) => new RegExp(`\\b${rootOf(store.trim())} = \\w*alloc\\w*\\(`).test(line)) && (/rcu|release/.test(call.callee) || !calls.some((each) => each.at < call.at && acquireOf(each) !== null)));
		},
	},
];
