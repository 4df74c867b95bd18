import type { CNode } from '../../parse';
import type { Change } from './change';
import type { Site } from './sites';
import { parentOf, statementAt } from './twins';

/** The statement that asks for the call, on the side after, as what it is done for sees it: an `if` around it, or the call's own. */
export function outermost({ after }: Change, { line, start }: Site): CNode | undefined {
	const own = statementAt(after.fn.body, line);
	if (!own || own.start > start) return undefined;
	const outer = parentOf(after.fn.body, own);
	const around = outer?.type === 'compound_statement' ? parentOf(after.fn.body, outer) : outer;
	return around?.type === 'if_statement' && !around.synthetic && after.file.place(around.line).changed ? around : own;
}
