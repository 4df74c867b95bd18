import { INT } from '../values/ctype';
import type { Val } from '../values/value';
import type { Call } from './call';

/** The call's result: 0, or this error. */
export function failing({ l, caller, node }: Call, error: number): Val {
	const result = l.unknown(`${caller.id}@${node.start}`, INT);
	l.interest(result, (interest) => {
		interest.equal.add(0);
		interest.equal.add(error);
	});
	return result;
}

/** Does what the call does where it succeeds, and gives its result; undefined for one that has no error to return. */
export function unlessFailing(c: Call, error: number | undefined, does: () => void): Val | undefined {
	if (error === undefined) {
		does();
		return undefined;
	}
	const { emitter } = c.l;
	const result = failing(c, error);
	const failed = emitter.label();
	emitter.branch(result.operand, failed);
	does();
	emitter.place(failed);
	return result;
}
