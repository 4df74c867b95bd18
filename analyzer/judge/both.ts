import type { Options, Program } from '../../sim';
import type { Lowered } from '../lower/program';
import { sliced } from '../lower/sliced';
import type { Releases } from './credible';
import { judge, type Judged } from './verdict';

type Both = readonly [Judged | null, Judged | null];

/**
 * Explores both sides: a slice of them first, which tells whether anything fails. What fails is explored again whole, so that its schedule goes
 * through all of the reviewed lines, unless that is too much to be searched. Where the patch leaves the scenario's slice as it was, and
 * it does not fail, once is enough. `races`: what is asked for are data races, which a slice does not keep.
 */
export function judgeBoth(before: Lowered | null, after: Lowered | null, releases: Releases, options: Options, races = false): Both {
	if (races) return [before && judge(before, releases, options), after && judge(after, releases, options)];
	const [left, right] = [before && sliced(before), after && sliced(after)];
	const second = right && judge(right, releases, options);
	const passes = second?.exploration.failures.length === 0 && second.failures.length === 0;
	if (left && second && passes && textOf(left.program) === textOf(right.program)) return [{ ...second, lowered: left }, second];
	const first = left && judge(left, releases, options);
	const brief: Both = [first, second];
	if (brief.every((side) => !side || side.exploration.failures.length === 0 && side.failures.length === 0)) return brief;
	const whole: Both = [before && judge(before, releases, options), after && judge(after, releases, options)];
	return whole.some((side) => side?.exploration.bound !== undefined) ? brief : whole;
}

/** The program without what only tells where it comes from. */
const textOf = ({ cells, objects, threads, setup, quiescence }: Program): string =>
	JSON.stringify({ cells, objects, threads, setup, quiescence }, (key, value: unknown) => (key === 'origin' || key === 'message' ? undefined : value));
