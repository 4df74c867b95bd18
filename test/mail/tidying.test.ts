import { describe, expect, it } from 'vitest';
import { isTidying } from '../../analyzer/mail/intent';
import { builtinTable } from '../knowledge/builtin';

const { table } = builtinTable();

function check(subject: string, text: string, expected: boolean): void {
	const prose = text.split('\n').map((line, index) => ({ text: line, input: index + 2, author: 'changelog' as const }));
	const fixes = /^Fixes: (\w+)/m.exec(text)?.[1];
	expect(isTidying(table, { subject: `[PATCH v2] quux: ${subject}`, prose, from: 1, fixes: fixes ? [fixes] : [] } as never)).toBe(expected);
}

describe('patches that only put code in order', () => {
	it('say so', () => check('split quux_reset()', 'A later patch needs it with the lock held. No functional change.', true));
	it('are known by their titles', () => check('simplify quux_open()', 'One label is enough.', true));
	it('may say that there is no trouble', () => check('use early returns in quux_get()', 'The reference keeps it from being freed, as before, so there is no race.', true));
	it('may silence a report that is wrong', () => check('silence a lockdep false positive', 'The locks are always taken in the same order, there is no deadlock.', true));
	it('may name what another commit fixed', () => check('use guard(spinlock) in quux_find()', 'Commit 6709d4b7bc2e ("quux: fix use-after-free") made it so.', true));
	it('are known by their titles, whatever the place is called', () => expect(isTidying(table, { subject: '[PATCH] random: remove unused argument', prose: [{ text: 'It is always zero.', input: 2, author: 'changelog' }], from: 1, fixes: [] } as never)).toBe(true));
	it('take away what nobody uses', () => check('Remove ->flush()', 'I was looking at its lifetime. I did not find any users, and it is unused since it came.', true));
	it('not what is used, or goes wrong', () => {
		check('Remove ->flush()', 'The callers do so themselves.', false);
		check('Remove ->flush()', 'Nobody uses it any more. It races with the last put.', false);
	});
	it('are not those that speak of trouble', () => check('simplify quux_open()', 'Two openers race with each other.', false));
	it('nor those whose title says that something is put right', () => check('convert to guard(), fixing a leak', 'One label is enough.', false));
	it('nor those that name what they fix', () => check('simplify quux_open()', 'One label is enough.\nFixes: 0123456789ab ("quux: add open")', false));
	it('nor those whose title says what is done under which lock', () => check('convert the list, walk it under the lock', 'One label is enough.', false));
	it('nor those whose title only says what is done', () => check('take the lock in quux_open()', 'As the others do.', false));
	it('nor those that tell of what happens now and then', () => check('clean up the order of the calls', 'On fast machines it times out.', false));
});
