import { expect, it } from 'vitest';
import type { Lowered } from '../../analyzer/lower/program';
import { Sizes } from '../../analyzer/sizes';

/** `entry:operations` of each thread, as far as sizes go. */
const lowered = (text: string): Lowered => {
	const threads = text.split(' ').map((each) => each.split(':'));
	return {
		parties: threads.map(([entry]) => ({ entry })),
		program: { threads: threads.map(([, operations]) => ({ code: Array.from({ length: Number(operations) }) })) },
	} as unknown as Lowered;
};

function check(judged: readonly (readonly [string, string])[], measured: readonly string[], expected: string): void {
	const sizes = new Sizes();
	for (const [before, after] of judged) sizes.add([lowered(before), lowered(after)]);
	for (const after of measured) sizes.note(lowered(after));
	expect(`${sizes.operations}; ${['a', 'b', 'c'].filter((entry) => sizes.exceeds([entry, 'nobody'], 200)).join(' ')}`).toBe(expected);
}

it('takes a thread to be large where it was so in each scenario, whether that was judged or only measured', () => {
	check([['a:300 b:20', 'a:310 b:20']], ['c:250'], '650; a c');
});
it('does not where it was small once, is large only before the patch, or is just at the bound', () => {
	check([['a:300', 'a:310'], ['a:100', 'a:100'], ['b:300', 'b:10']], ['c:200'], '1120; ');
});
