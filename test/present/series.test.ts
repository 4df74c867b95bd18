import { describe, expect, it } from 'vitest';
import { fatesOf, seriesOf } from '../../analyzer/series';
import { fixed, input, introduced } from './reviews';

const bad = (subject: string) => input([introduced], { subject });
/** The same threads and check as `introduced`, the other way round. */
const mended = (subject: string) => input([{ ...introduced, outcome: 'fixes', pre: introduced.post, post: introduced.pre }], { subject });
const quiet = (subject: string) => input([fixed], { subject });
const cover = input([], { subject: '[PATCH 0/3] foo' });

/** Patches beside what is told of them together. */
describe('a series', () => {
	it.each([
		['one patch', [bad('[PATCH] a')], []],
		['a failure that stays', [cover, bad('[PATCH 1/2] a'), quiet('[PATCH 2/2] b')], ['deadlock of foo_ioctl() and foo_submit(): brought by 1/2, there at the end of the series']],
		['a failure that a later patch ends', [bad('[PATCH v2 1/3] a'), quiet('[PATCH v2 2/3] b'), mended('[PATCH v2 3/3] c')], ['deadlock of foo_ioctl() and foo_submit(): brought by 1/3, ended by 3/3']],
		['a failure that comes back', [mended('a'), bad('b')], ['deadlock of foo_ioctl() and foo_submit(): ended by 1/2, brought by 2/2, there at the end of the series']],
		['failures that were there before', [mended('[PATCH 1/2] a'), quiet('[PATCH 2/2] b')], []],
		['what a person looked at', [input([{ ...introduced, suppressed: 'only at probe' }], { subject: '[PATCH 1/2] a', outcome: 'no-failure' }), quiet('[PATCH 2/2] b')], []],
	] as const)('%s', (_, inputs, expected) => expect(seriesOf(inputs)).toEqual(expected));
});

/** Patches beside what each scenario has to do with the others, as `place what by`. */
describe('the fates of a series\' failures', () => {
	it.each([
		['one that stays', [bad('[PATCH 1/2] a'), quiet('[PATCH 2/2] b')], ['0 left ']],
		['one that a later patch ends', [cover, bad('[PATCH 1/3] a'), quiet('[PATCH 2/3] b'), mended('[PATCH 3/3] c')], ['1 fixed 3/3', '3 brought 1/3']],
		['one that comes back', [bad('[PATCH 1/3] a'), mended('[PATCH 2/3] b'), bad('[PATCH 3/3] c')], ['0 fixed 2/3', '1 brought 1/3', '2 left ']],
		['one that was there before', [mended('[PATCH 1/2] a'), quiet('[PATCH 2/2] b')], []],
		['one patch', [bad('[PATCH] a')], []],
	] as const)('%s', (_, inputs, expected) => expect(fatesOf(inputs).map(({ input: of, what, by }) => `${(inputs as readonly unknown[]).indexOf(of)} ${what} ${by}`)).toEqual(expected));
});
