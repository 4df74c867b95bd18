import type { Program } from '../../../sim';
import type { Slices } from '../slices';
import { type Believed, judge, type Judged, kindOf, troubleOf, verdictOf } from '../verdict';
import { replayed } from './replayed';

/** Failures of one side whose worlds are tried on the other one. */
const WORLDS_BOUND = 3;

const WRITING: ReadonlySet<string> = new Set(['store', 'rmw', 'cas', 'lock', 'trylock', 'unlock', 'get', 'put']);

/**
 * Where one side fails and the other one was too large to be searched: the same world in which the first one fails (what nobody knows is what it was on
 * that schedule, and stays so) is far smaller, and is searched on both sides. The other side may pass there; what is told then is what fails in such a
 * world, and the assumptions say that no other one was searched.
 */
export function* inSameWorld(before: Judged, after: Judged): Slices<readonly [Judged, Judged]> {
	if (after.verdict === 'fails' && tooLarge(before)) {
		const [other, failing] = yield* searched(before, after);
		return [other, failing];
	}
	if (before.verdict === 'fails' && tooLarge(after)) {
		const [other, failing] = yield* searched(after, before);
		return [failing, other];
	}
	return [before, after];
}

const tooLarge = ({ verdict, exploration }: Judged): boolean => verdict === 'inconclusive' && (exploration.bound?.name === 'states' || exploration.bound?.name === 'objects');

/** What a statement does by itself, the first time that it is come to: where objects run out only later, the search has been there. */
const AT_ONCE: ReadonlySet<string> = new Set(['sleep-in-atomic', 'irq-unsafe-lock']);

/** The side that was too large as it is in the worlds of the other one's failures, and that one with those failures that it has and the first one has not. */
function* searched(large: Judged, failing: Judged): Slices<readonly [Judged, Judged]> {
	const told: Believed[] = [];
	// What was passed by on that side, and what was set aside, is there as it was.
	const { ignored: _, ...whole } = large.lowered.program;
	const known = new Set([...large.everywhere, ...large.aside].map((each) => troubleOf(kindOf(large.lowered, each))));
	for (const failure of failing.failures.slice(0, WORLDS_BOUND)) {
		const kind = kindOf(failing.lowered, failure);
		if (known.has(troubleOf(kind))) continue;
		const world = worldOf(failing, failure);
		const here = yield* judge({ ...failing.lowered, program: within(failure.program, world) }, failing.releases, failing.options);
		if (!here.failures.some((each) => kindOf(here.lowered, each) === kind)) continue;
		const there = yield* judge({ ...large.lowered, program: within(whole, world) }, large.releases, large.options);
		const cut = there.exploration.bound?.name;
		if (cut === 'states' || (cut === 'objects' && !AT_ONCE.has(failure.check)) || there.everywhere.some((each) => troubleOf(kindOf(there.lowered, each)) === troubleOf(kind))) continue;
		told.push(failure);
	}
	if (told.length === 0) return [large, failing];
	const lowered = { ...large.lowered, assumptions: [...large.lowered.assumptions, 'this side was searched only in the world in which the other one fails: what nobody knows is what it is there'] };
	return [{ ...large, lowered, failures: [], everywhere: [], verdict: 'passes' }, { ...failing, failures: told, verdict: verdictOf(failing.exploration, told.length) }];
}

/** What each unknown cell held from the start on the way to the failure; one of its values where nobody looked at it. */
function worldOf({ lowered: { notes } }: Judged, { program, schedule }: Believed): ReadonlyMap<string, number> {
	const { steps } = replayed(program, schedule);
	return new Map(program.cells.flatMap((cell, index) => {
		if (!cell.domain?.length) return [];
		const first = steps.find(({ changes }) => changes.some((change) => change.cell === index));
		const value = first?.changes.find((change) => change.cell === index)?.after ?? cell.initial;
		const written = first?.executed.some((pc) => WRITING.has(program.threads[first.thread]?.code[pc]?.op ?? '') && notes[first.thread]?.[pc]?.key === cell.name) ?? false;
		return [[cell.name, !written && cell.domain.includes(value) ? value : cell.domain.includes(cell.initial) ? cell.initial : (cell.domain[0] ?? cell.initial)] as const];
	}));
}

const within = (program: Program, world: ReadonlyMap<string, number>): Program => ({ ...program, cells: program.cells.map((cell) => {
	const value = world.get(cell.name);
	if (value === undefined || !cell.domain) return cell;
	const { domain: _, ...known } = cell;
	return { ...known, initial: value };
}) });
