import type { CNode } from '../../parse/source';
import { INT } from '../values/ctype';
import { inline } from '../descent';
import type { Standing } from '../emitted/emitter';
import type { Lowering } from '../lowering';
import type { Definition } from '../sources';
import { conditionAs, writtenAs } from '../emitted/written';

/** Does what a scenario has added beside the statement: the scenario's own functions are nowhere in the kernel, so that readers see the statement. */
export function aside(l: Lowering, definition: Definition | null | undefined, node: CNode): void {
	if (!definition) return;
	const outer = l.beside;
	l.beside = standing(l, node);
	inline(l, definition, [], node, INT);
	l.beside = outer;
}

function standing({ frame: { file, fn, stack } }: Lowering, node: CNode): Standing {
	const told = node.field('condition') ?? node;
	const { file: line, input, column } = file.place(told.line);
	return { function: fn?.name ?? '', stack, file: file.path, line, input, from: column, text: (node.type === 'if_statement' && conditionAs('if', told)) || writtenAs(told) };
}
