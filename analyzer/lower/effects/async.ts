import { INT } from '../values/ctype';
import { type Call, type Handler, placeAt, type RowOf, valueAt } from './call';
import { value } from '../emitted/emitter';
import type { Val } from '../values/value';
import { structOf } from '../values/place';
import { domain } from './context';
import { threadOf } from '../threads/directory';
import { unlessFailing } from './may-fail';

/** What identifies the other thread: the path of the work item, timer or cookie; of what is `held` by a pointer the field that leads to it. */
function keyOf(c: Call, text: string, held = false): string {
	if (held) {
		const { unknown } = valueAt(c, text.replace(/^\*/, ''));
		if (unknown?.startsWith('f:')) return unknown.slice(2);
	}
	const place = placeAt(c, text);
	if (place) return place.path;
	const val = valueAt(c, text);
	return val.path ?? structOf(c.l, val);
}

function threadsOf(c: Call, row: { readonly at: string; readonly every?: string; readonly held?: boolean }, how: 'spawn' | 'cancel'): readonly number[] {
	if (row.every) return c.l.directory.every(row.every);
	const key = keyOf(c, row.at, row.held);
	c.l.directory.mention(key, how);
	// Who frees an interrupt, or keeps it off, does so with its thread as well.
	return [key, ...(how === 'cancel' ? [threadOf(key)] : [])].map((each) => c.l.directory.index(each)).filter((index) => index >= 0);
}

function register(c: Call): Val | undefined {
	const row = c.row as RowOf<'register'>;
	const { l } = c;
	const callback = valueAt(c, row.callback);
	const key = keyOf(c, row.at, row.held);
	const argument = row.arguments[0] ? valueAt(c, row.arguments.at(-1) ?? row.arguments[0]) : undefined;
	if (callback.fn) l.directory.register({ key, callback: callback.fn, context: row.context, ...(argument ? { argument } : {}) });
	const threaded = row.threaded ? valueAt(c, row.threaded) : undefined;
	if (threaded?.fn) l.directory.register({ key: threadOf(key), callback: threaded.fn, context: 'task', ...(argument ? { argument } : {}) });
	if (row.armed) {
		const index = l.directory.index(key);
		if (index >= 0) l.emitter.visible({ op: 'spawn', thread: index, args: [] }, { key: `thread ${index}.` });
	}
	return undefined;
}

function spawn(c: Call): Val | undefined {
	const row = c.row as RowOf<'spawn'>;
	const { l } = c;
	const threads = threadsOf(c, row, 'spawn').filter((thread) => thread !== l.thread || l.directory.again);
	const start = (result?: Val & { readonly operand: { readonly reg: number } }): void => {
		for (const thread of threads) l.emitter.visible({ op: 'spawn', thread, args: [], ...(result ? { dst: result.operand.reg } : {}) }, { key: `thread ${thread}.` });
	};
	if (row.fails !== undefined) return threads.length === 0 ? undefined : unlessFailing(c, row.fails, () => start());
	const result = l.temporary(INT);
	l.emitter.local({ op: 'set', dst: result.operand.reg, from: value(1) });
	start(result);
	if (row.wasPending) l.emitter.local({ op: 'alu', alu: 'eq', dst: result.operand.reg, a: result.operand, b: value(0) });
	return result;
}

function cancel(c: Call): Val | undefined {
	const row = c.row as RowOf<'cancel'>;
	const { l } = c;
	const result = l.temporary(INT);
	l.emitter.local({ op: 'set', dst: result.operand.reg, from: value(0) });
	for (const thread of threadsOf(c, row, 'cancel')) {
		if (row.forever) l.emitter.visible({ op: 'disable', thread }, { key: `thread ${thread}.` });
		l.emitter.visible({ op: 'cancel', thread, dst: result.operand.reg }, { key: `thread ${thread}.` });
		if (!row.wait) continue;
		// One that starts itself again is waited for too: del_timer_sync() retries, cancel_work_sync() keeps it from queueing itself.
		l.emitter.visible({ op: 'join', thread, pending: true, ...(row.sleeps ? {} : { spins: true }) }, { key: `thread ${thread}.` });
	}
	return result;
}

function flush(c: Call): Val | undefined {
	const row = c.row as RowOf<'flush'>;
	for (const thread of threadsOf(c, row, 'cancel')) {
		if (row.forever) c.l.emitter.visible({ op: 'disable', thread }, { key: `thread ${thread}.` });
		c.l.emitter.visible({ op: 'join', thread, pending: true, ...(row.sleeps ? {} : { spins: true }) }, { key: `thread ${thread}.` });
	}
	return undefined;
}

/** call_rcu(): the callback is a thread of its own that starts after a grace period. */
function rcuCall(c: Call): Val | undefined {
	const row = c.row as RowOf<'rcu-call'>;
	const callback = valueAt(c, row.callback);
	const argument = valueAt(c, row.argument);
	deferred(c, callback.fn ?? null, argument, domain(c, row.domain));
	return undefined;
}

function freeRcu(c: Call): Val | undefined {
	const pointer = valueAt(c, (c.row as RowOf<'free-rcu'>).pointer);
	deferred(c, null, pointer, 0);
	return undefined;
}

function deferred(c: Call, callback: string | null, argument: Val, grace: number): void {
	const { l } = c;
	const index = l.directory.deferred(l.thread, `${c.caller.id.slice(`${l.thread}`.length)}@${c.node.start}`, callback, argument, l.emitter.origin);
	if (index >= 0) l.emitter.visible({ op: 'spawn', thread: index, args: [argument.operand], grace }, { key: `thread ${index}.` });
}

export const asyncEffects = { register, spawn, cancel, flush, 'rcu-call': rcuCall, 'free-rcu': freeRcu } satisfies Partial<Record<string, Handler>>;
