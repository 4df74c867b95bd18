import { DROPS, KEEPS, lastOf, UNNAMED } from '../../lower';
import { type Believed, type Judged, verdictOf } from '../verdict';

/**
 * What only the other side of the patch can tell: whether what a function keeps when it returns is kept on purpose. `remedy`: the mail speaks of a
 * fix, so that a reference which it no longer drops was none of its own.
 */
export function besideOther(before: Judged | null, after: Judged | null, remedy: boolean): readonly [Judged | null, Judged | null] {
	if (!before || !after) return [before && without(before, (failure) => keeps(failure)), after && without(after, (failure) => keeps(failure))];
	return [
		without(before, (failure) => (keeps(failure) && !(drops(after, failure) && !has(after, failure))) || recounted(before, after, failure) || givenOut(before, after, failure)),
		without(after, (failure) => recounted(after, before, failure) || givenOut(after, before, failure) || (keeps(failure) && (remedy || !(drops(before, failure) && !has(before, failure)))) || (remedy && unseen(after, failure) && !has(before, failure))),
	];
}

const keeps = (failure: Believed): boolean => failure.check === 'refcount-leak' && failure.message.includes(KEEPS);
const has = ({ failures }: Judged, { message }: Believed): boolean => failures.some((each) => each.message === message);

/** What is held as a reference here is an integer that goes up there: the patch counts by another type, and who drops it there nobody looks for. */
function recounted({ lowered: here }: Judged, { lowered: there }: Judged, { check, thread }: Believed): boolean {
	if (check !== 'refcount-leak') return false;
	const taken = keysOf(here, thread, 'get');
	const [plain, counted] = [keysOf(there, thread, 'rmw'), keysOf(there, thread, 'get')];
	return taken.size > 0 && [...taken].every((key) => plain.has(key) && !counted.has(key));
}

/** What a function takes on both sides, and returns on one of them, where it returns nothing on the other: whoever calls it has it on either. */
function givenOut({ lowered: here }: Judged, { lowered: there }: Judged, { check, thread }: Believed): boolean {
	const [mine, other] = [here, there].map(({ parties }) => parties[thread]?.definition.fn.returns.trim());
	if (check !== 'refcount-leak' || (mine === 'void') === (other === 'void') || mine === '' || other === '') return false;
	const [taken, alike] = [keysOf(here, thread, 'get'), keysOf(there, thread, 'get')];
	return taken.size > 0 && [...taken].every((key) => alike.has(key));
}

const keysOf = ({ program, notes }: Judged['lowered'], thread: number, kind: 'get' | 'rmw'): ReadonlySet<string> =>
	new Set((program.threads[thread]?.code ?? []).flatMap((op, at) => (op.op === kind ? [notes[thread]?.[at]?.key ?? ''] : [])));

/** A line of the patch drops a reference on this side. */
function drops({ lowered: { program, notes, origins, acquired } }: Judged, { message }: Believed): boolean {
	if (message.includes(` on ${UNNAMED}`)) return true;
	const counts = new Set([...acquired].flatMap(([id, all]) => (id.endsWith(DROPS) ? [...all.keys()].filter((key) => message.endsWith(` ${key.split('.')[0]}`)).map(lastOf) : [])));
	return program.threads.some((thread, index) => thread.code.some((op, at) => op.op === 'put' && origins[op.origin]?.changed === true && counts.has(lastOf(notes[index]?.[at]?.key ?? ''))));
}

/** The reference was taken where nobody sees it. */
const unseen = ({ lowered }: Judged, { check, message }: Believed): boolean =>
	check === 'refcount-leak' && [...lowered.acquired.values()].some((all) => [...all.keys()].some((key) => message.endsWith(` ${key.split('.')[0]}`)));

function without(judged: Judged, drop: (failure: Believed) => boolean): Judged {
	const failures = judged.failures.filter((failure) => !drop(failure));
	if (failures.length === judged.failures.length) return judged;
	return { ...judged, failures, verdict: verdictOf(judged.exploration, failures.length) };
}
