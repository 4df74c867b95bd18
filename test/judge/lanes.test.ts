import { describe, expect, it } from 'vitest';
import { inLanes, laneOf, lanesOf } from '../../analyzer/judge/lanes';
import type { Lowered } from '../../analyzer/lower/program';

/** A side's threads: `reader`, or `work=flush@12` for what joined under a key. */
const side = (threads: string): Lowered => ({
	parties: threads.split(' ').map((each) => {
		const [, context = 'task', entry = each, key] = /^(\w+)=(\w+)@(\w+)$/.exec(each) ?? [];
		return { context, entry, ...(key ? { key } : {}) };
	}),
}) as unknown as Lowered;

function check(before: string, after: string, expected: string): void {
	const [pre, post] = [side(before), side(after)];
	const lanes = lanesOf(post, pre);
	const told = [pre, post].map((lowered) => inLanes({ lowered }, lanes).lowered.parties.map((_, thread) => laneOf(inLanes({ lowered }, lanes).lowered, thread)).join(''));
	expect(`${lanes.map(({ entry }) => entry).join(' ')}: ${told.join(', ')}`).toBe(expected);
}

describe('the lanes of a scenario', () => {
	it('are the threads of either side', () => check('a b', 'a b', 'a b: 01, 01'));
	it('are more where the side before starts something', () => check('a b work=flush@1', 'a b', 'a b flush: 012, 01'));
	it('are told apart, in whichever order they joined', () => check('a timer=tick@1 work=flush@2', 'a work=flush@2', 'a flush tick: 021, 01'));
	it('are the same for what is started in another place', () => check('a rcu=drop@10', 'a rcu=drop@14', 'a drop: 01, 01'));
	it('are two for what is started in two places', () => check('a rcu=drop@10 rcu=drop@20', 'a rcu=drop@14', 'a drop drop: 012, 01'));
});
