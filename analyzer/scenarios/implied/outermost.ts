import type { CNode } from '../../parse';
import type { Change } from './change';
import type { Site } from './sites';
import { parentOf, statementAt } from './twins';

/** The statement that asks for the call, on the side after, as this other one sees it: the outermost `if` around the call that is not around that, or the call's own. */
export function outermost({ after }: Change, { line, start }: Site, seen: CNode): CNode | undefined {
	const { body } = after.fn;
	let at = statementAt(body, line);
	if (!at || at.start > start) return undefined;
	for (let outer = parentOf(body, at), own = at; outer; own = outer, outer = parentOf(body, own)) {
		if (outer.start <= seen.start && outer.end >= seen.end) break;
		if (outer.type === 'if_statement' && !outer.synthetic) at = outer;
	}
	return at;
}
