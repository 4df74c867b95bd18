import type { Row } from '../knowledge/row';
import type { Definition } from '../lower/lowering';
import type { CNode } from '../parse';
import type { Side } from './side';

/** A call of an API that the table knows, as written. */
export interface RowCall {
	readonly api: string;
	readonly row: Row;
	/** Arguments' text, white space folded. */
	readonly args: readonly string[];
	readonly text: string;
	readonly line: number;
}

const folded = (node: CNode): string => node.text.replace(/\s+/g, ' ').trim();

/** Calls of known APIs in the function's body, in order. */
export function callsOf({ fn }: Definition, side: Side): readonly RowCall[] {
	const found: RowCall[] = [];
	const walk = (node: CNode): void => {
		if (node.type === 'call_expression') {
			const api = node.field('function')?.text ?? '';
			const row = side.functions.has(api) ? undefined : side.sources.table.rows.get(api);
			if (row && row.effect !== 'none') {
				const args = (node.field('arguments')?.named ?? []).map(folded);
				found.push({ api, row, args, text: `${api}(${args.join(', ')})`, line: node.line });
			}
		}
		for (const child of node.named) walk(child);
	};
	walk(fn.body);
	return found;
}
