import { folded } from '../../parse/plain-text';
import type { CNode } from '../../parse';
import type { Definition } from '../../lower/sources';
import type { Change } from './change';
import { type Pair, paired, single } from './pairing';

/** A loop over the entries of a container that others may reach, too. */
interface Walked {
	readonly node: CNode;
	readonly container: string;
	readonly head: string;
}

const CONTAINER = /^&?\s*\(?\s*[A-Za-z_]\w*(?:(?:->|\.)\w+)+\)?$/;

function walked({ fn, file }: Definition): readonly Walked[] {
	const found: Walked[] = [];
	const visit = (node: CNode): void => {
		const macro = node.type === 'while_statement' || node.type === 'for_statement' ? file.parsed.rewritten.get(node.start) : undefined;
		const container = macro && /(^|_)for_each(_|$)/.test(macro.name) ? macro.args.map(({ text }) => folded(text)).find((text) => CONTAINER.test(text)) : undefined;
		if (macro && container) found.push({ node, container: container.replace(/^&\s*/, ''), head: `${macro.name}(${macro.args.map(({ text }) => folded(text)).join(', ')})` });
		for (const child of node.named) visit(child);
	};
	visit(fn.body);
	return found;
}

/** Loops over a container that stand on both sides, once. */
export const walkedOnBoth = ({ before, after }: Change): readonly (Pair<CNode> & { readonly container: string })[] =>
	paired(single(walked(before), ({ head }) => head), single(walked(after), ({ head }) => head), ({ head }) => head).map((pair) => ({ before: pair.before.node, after: pair.after.node, container: pair.after.container }));
