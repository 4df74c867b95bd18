import { namesOf, type Namings } from '../../knowledge/namings';
import type { Change } from './change';
import { type Pair, paired, single } from './pairing';
import { type Point, pointsOf } from './sections';

/** A statement on both sides. */
export type Twin = Pair<Point>;

/** Statements of the same text, the n-th with the n-th; of what is left, those that give the same variable what the same call returns, or what the same place holds, and those that ask the same, at once or for later. */
export function twinsOf(change: Change, old = pointsOf(change.before, change.old), now = pointsOf(change.after, change.now)): readonly Twin[] {
	const { table } = change.post.sources;
	const same = paired(old, now, ({ text, node }) => `${node.type === 'if_statement'} ${text}`);
	const rest = (all: readonly Point[], side: keyof Twin): readonly Point[] => single(all.filter((point) => outlineOf(point) !== null && !same.some((twin) => twin[side] === point)), (point) => outlineOf(point) ?? '');
	const alike = paired(rest(old, 'before'), rest(now, 'after'), (point) => outlineOf(point) ?? '');
	const left = (all: readonly Point[], side: keyof Twin): readonly Point[] => single(all.filter((point) => loadOf(table, point) !== null && ![...same, ...alike].some((twin) => twin[side] === point)), (point) => loadOf(table, point) ?? '');
	const loads = paired(left(old, 'before'), left(now, 'after'), (point) => loadOf(table, point) ?? '');
	const open = (all: readonly Point[], side: keyof Twin): readonly Point[] => single(all.filter((point) => askedOf(point) !== null && ![...same, ...alike, ...loads].some((twin) => twin[side] === point)), (point) => askedOf(point) ?? '');
	const asked = paired(open(old, 'before'), open(now, 'after'), (point) => askedOf(point) ?? '');
	return [...same, ...alike, ...loads, ...asked].sort((one, other) => one.after.node.start - other.after.node.start);
}

/** `struct foo *x = bar(a, b);` and `x = bar(c);` are `x = bar(`; null for what gives no variable anything. */
function outlineOf({ text }: Point): string | null {
	const [, name, value = ''] = /^(?:[A-Za-z_][\w\s]*[\s*])?([A-Za-z_]\w*)\s*=(?!=)\s*([^;]*);?$/.exec(text) ?? [];
	return name ? `${name} = ${/^\w+\s*\(/.exec(value)?.[0] ?? value}` : null;
}

/** `x = p->y;` and `struct foo *x = rcu_dereference(p->y);` load the same. */
function loadOf(table: Namings, { text }: Point): string | null {
	const [, name, value = ''] = /^(?:[A-Za-z_][\w\s]*[\s*])?([A-Za-z_]\w*)\s*=(?!=)\s*([^;]*);?$/.exec(text) ?? [];
	const place = value.replace(new RegExp(`^${namesOf(table, 'reads-once')}\\s*\\(\\s*&?\\s*([\\w.>[\\]-]+)\\s*(?:,[^;]*)?\\)$`), '$1');
	return name && /^[A-Za-z_]\w*(?:(?:->|\.)\w+)+$/.test(place) ? `${name} = ${place}` : null;
}

/** `if (!foo(x))` and `found = foo(x);` ask the same; null for what asks nobody. */
function askedOf({ node, text }: Point): string | null {
	const question = node.type === 'if_statement' ? text.replace(/^\(\s*!?\s*/, '').replace(/\)$/, '') : (/^(?:[A-Za-z_][\w\s]*[\s*])?[A-Za-z_]\w*\s*=(?!=)\s*(?:!\s*)*([^;]*);$/.exec(text)?.[1] ?? '');
	return /^\w+\s*\([^()]*\w[^()]*\)$|^\w+(?:(?:->|\.)\w+)+$/.test(question) && !/^(?:IS_ERR\w*|PTR_ERR)\b/.test(question) ? question : null;
}
