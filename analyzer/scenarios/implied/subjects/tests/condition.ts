import { folded } from '../../../../parse/plain-text';
import type { Row } from '../../../../knowledge/row';
import type { CNode } from '../../../../parse';
import { type Change, structOf } from '../../change';
import { placeText, rootOf } from '../../sites';

/** A statement in C after which the condition is `truth`; null where it is none of the plain shapes over fields of an object. */
export function opposite(change: Change, condition: CNode, truth: boolean): string | null {
	const text = condition.text.trim();
	if (condition.type === 'parenthesized_expression') {
		const [inner] = condition.named;
		return inner ? opposite(change, inner, truth) : null;
	}
	if (condition.type === 'unary_expression' && text.startsWith('!')) {
		const operand = condition.named[0];
		return operand ? opposite(change, operand, !truth) : null;
	}
	if (condition.type === 'binary_expression') return binary(change, condition, truth);
	if (condition.type === 'call_expression') return call(change, condition, truth);
	const place = placeOf(change, text);
	return place ? `${place} = ${truth ? 1 : 0};` : null;
}

function binary(change: Change, node: CNode, truth: boolean): string | null {
	const [left, right] = [node.field('left'), node.field('right')];
	const operator = node.field('operator')?.text;
	if (!left || !right) return null;
	if (operator === '||' || operator === '&&') {
		const [first, second] = [opposite(change, left, truth), opposite(change, right, truth)];
		// One of them suffices, or both are needed.
		if ((operator === '||') === truth) return first ?? second;
		return first && second ? `${first} ${second}` : null;
	}
	// `(x->flags & BIT) == 0` is `!(x->flags & BIT)`.
	if ((operator === '==' || operator === '!=') && right.text.trim() === '0' && /&/.test(left.text)) return opposite(change, left, (operator === '==') !== truth);
	const place = valueOf(change, left);
	const constant = /^(-?\w+)$/.exec(right.text.trim())?.[1];
	if (!place || !constant || structOf(change, constant)) return null;
	if (operator === '&') return truth ? `${place} |= ${constant};` : `${place} &= ~${constant};`;
	if (operator !== '==' && operator !== '!=') return null;
	if ((operator === '==') === truth) return `${place} = ${constant};`;
	return constant === 'NULL' ? null : `${place} = ${constant === '0' || constant === 'false' ? 1 : `${constant} + 1`};`;
}

const READS: ReadonlySet<Row['effect']> = new Set(['load']);

function valueOf(change: Change, node: CNode): string | null {
	const row = node.type === 'call_expression' ? change.post.sources.table.rows.get(node.field('function')?.text ?? '') : undefined;
	if (!row) return placeOf(change, node.text.trim());
	return READS.has(row.effect) && 'at' in row ? placeOf(change, placeText(siteOf(node, row), row.at) ?? '') : null;
}

const siteOf = (node: CNode, row: Row): Parameters<typeof placeText>[0] => {
	const args = (node.field('arguments')?.named ?? []).map((each) => folded(each.text));
	return { api: row.api, row, args, text: node.text, line: node.line, endLine: node.endLine, start: node.start, changed: false };
};

/** likely(x) is x; a test of a bit is undone by what sets or clears it. */
function call(change: Change, node: CNode, truth: boolean): string | null {
	const api = node.field('function')?.text ?? '';
	const args = node.field('arguments')?.named ?? [];
	if (/^(un)?likely$/.test(api) && args[0]) return opposite(change, args[0], truth);
	// What is put on a list is something that nobody shows.
	if (/^list_empty(_careful)?$/.test(api) && args[0] && !truth) return `list_add_tail(&INSTANCE(waited_for)->list, ${args[0].text});`;
	const { rows } = change.post.sources.table;
	const row = rows.get(api);
	if (row?.effect === 'load') {
		const place = valueOf(change, node);
		return place ? `${place} = ${truth ? 1 : 0};` : null;
	}
	if (row?.effect !== 'bit' || row.operation !== 'test' || !placeOf(change, placeText(siteOf(node, row), row.at) ?? '')) return null;
	const wanted = truth ? 'set' : 'clear';
	const changes = rows.ofEffect('bit').find((each) => each.effect === 'bit' && each.operation === wanted && each.at === row.at && each.bit === row.bit && each.atomic);
	return changes ? `${changes.api}(${args.map((each) => each.text).join(', ')});` : null;
}

/** A field of something that the function is given, or finds. */
function placeOf(change: Change, text: string): string | null {
	const root = rootOf(text);
	return root && /->|\./.test(text) && !/\[/.test(text) && structOf(change, root) ? text : null;
}
