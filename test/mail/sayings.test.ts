import { describe, expect, it } from 'vitest';
import { sayings } from '../../analyzer/mail/sayings';
import { builtinTable } from '../knowledge/builtin';

const { table } = builtinTable();

function check(text: string, expected: string): void {
	const prose = text.split('\n').map((line, index) => ({ text: line, input: index + 2, author: 'changelog' as const }));
	const said = sayings(table, { subject: '[PATCH] quux: a change', prose, from: 1, fixes: [] });
	const told = [
		...[...said.sleeping.keys()].map((name) => `${name} sleeps`),
		...[...said.locking].map(([name, { lock }]) => `${name} takes ${lock || 'a lock'}`),
		...(said.trace.length > 0 ? [`trace ${said.trace.join(' ')}`] : []),
		...(said.lockKept ? ['a lock is kept'] : []), ...(said.referenceKept ? ['a reference is kept'] : []),
		...(said.unlockedTwice ? ['unlocked twice'] : []), ...(said.droppedTwice ? ['dropped twice'] : []), ...(said.freedTwice ? ['freed twice'] : []),
	];
	expect(told.join('; ')).toBe(expected);
}

describe('what a mail says of single functions', () => {
	it('that one may sleep', () => check('quux_reload() may sleep, and quux_flush() calls it.', 'quux_reload sleeps'));
	it('not one that does not', () => check('quux_reload() does not sleep. quux_load() must not sleep.', ''));
	it('by the lock that it takes', () => check('quux_reload() takes q->reg_mutex.', 'quux_reload sleeps; quux_reload takes reg_mutex'));
	it('not what somebody else does later in the sentence', () => check('quux_print() takes a while, and the data path needs sta_lock.', ''));
	it('a trace, innermost first', () => check('BUG: sleeping function called from invalid context\nCall Trace:\n dump_stack+0x1/0x2\n __mutex_lock+0x64/0x948\n quux_set+0x24/0x38\n quux_timer+0x34/0x40 [quux]\n', 'trace __mutex_lock quux_set quux_timer'));
	it('calls that are drawn, down to what sleeps', () => check('  (Interrupt context)\nquux_timeout\n  quux_send\n    quux_transmit\n      kzalloc(..., GFP_KERNEL) //may sleep\n      msleep(5) --> sleep', 'trace quux_transmit quux_send quux_timeout'));
	it('calls that are listed, from bottom to top', () => check('drivers/quux.c, 12:\n  msleep in quux_wait\n  quux_wait in quux_stop\n  spin_lock in quux_stop', 'trace quux_wait quux_stop'));
	it('a drawn tree without a sleep', () => check('quux_timeout\n  quux_send\n', ''));
	it('a lock that is taken twice', () => check('WARNING: possible recursive locking detected\nsh/27 is trying to acquire lock:\nffff (quux_lock){+}, at: quux_stop\n', 'quux_stop takes a lock'));
	it('that a lock stays held', () => check('Add the missing unlock before return in the error path.', 'a lock is kept'));
	it('that a reference leaks', () => check('The node refcount leaks when the call fails.', 'a reference is kept'));
	it('an unlock too many', () => check('Remove a redundant mutex unlock.', 'unlocked twice'));
	it('a put too many', () => check('This leads to a refcount underflow.', 'dropped twice'));
	it('a free too many', () => check('quux_stop() is called again, which is a double free.', 'freed twice'));
	it('nothing of the sort', () => check('Use the new helper. No functional change intended.', ''));
});
