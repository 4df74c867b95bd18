import type { CNode } from '../../../../parse';
import type { Change } from '../../change';
import type { Finding } from '../../partner';

/** The change tests whether two of the function's parameters, `one` and `other`, are the same object: `same` calls it with one for both. */
export function sameObjects(change: Change): readonly Finding[] {
	const { after: { fn, file }, before, name } = change;
	const params = new Map(fn.params.map((each) => [each.name, each.type.replace(/\s+/g, '')]));
	const found: Finding[] = [];
	const walk = (node: CNode): void => {
		const [left, right] = [node.field('left')?.text ?? '', node.field('right')?.text ?? ''];
		if (node.type === 'binary_expression' && /^[=!]=$/.test(node.field('operator')?.text ?? '') && file.place(node.line).changed && left !== right && params.has(left) && params.get(left) === params.get(right) && /\*$/.test(params.get(left) ?? '')
			&& !before.fn.body.text.includes(node.text)) {
			found.push({ words: { one: left, other: right, test: node.text, same: `${name}(${fn.params.map((each) => (each.name === right ? left : each.name)).join(', ')})` }, tells: 'fixes' });
		}
		node.named.forEach(walk);
	};
	walk(fn.body);
	return found.slice(0, 1);
}
