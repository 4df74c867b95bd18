import type { SiblingRow } from '../../knowledge/table';
import { rootOf } from '../../scenarios';
import type { LineEdit } from '../edit';
import { type Place, whereOf } from '../place';
import { candidate, type Way } from './way';

const COST = 2.5;

/** An API, or a flag, by another one of its family, where the schedule or the patch has it: with what belongs to it in the same function. */
export const sibling: Way = function* ({ place, post, table }) {
	for (const [rank, row] of table.siblings.entries()) {
		for (const line of placesOf(place, row)) {
			const edits = replaced(place, line, row);
			if (!edits) continue;
			const written = withRcuHead(edits, place, post.files.map(({ image }) => image.text));
			const [from, to] = [place.lines[line - 1] ?? '', written.find(({ at, remove }) => at === line - 1 && remove === 1)?.insert[0] ?? ''];
			yield candidate(place, written, `${to.trim().replace(/;$/, '')} instead of ${from.trim().replace(/;$/, '')} in ${place.name}() (${whereOf(place, line)})`, COST + 0.001 * rank);
		}
	}
};

/** Lines of the schedule, or of the patch's, that have the word. */
function placesOf({ after: { fn }, lines, onSchedule, image }: Place, { sibling: word }: SiblingRow): readonly number[] {
	const has = new RegExp(`\\b${word}\\b`);
	return lines.flatMap((text, index) => {
		const line = index + 1;
		const asked = line >= fn.line && line <= fn.endLine && (onSchedule.includes(line) || image.changed[index]);
		return asked && has.test(text) ? [line] : [];
	});
}

/** The line with the other word; null where the call does not stand in one line. With `and`, its counterparts of the same first argument follow it. */
function replaced(place: Place, line: number, row: SiblingRow): readonly LineEdit[] | null {
	const text = place.lines[line - 1] ?? '';
	const own = said(text, row.sibling, row.instead);
	if (own === null) return null;
	const edits: LineEdit[] = [{ at: line - 1, remove: 1, insert: [own.text] }];
	const { fn } = place.after;
	for (const [word, instead] of Object.entries(row.and ?? {})) {
		for (let at = fn.line; at < fn.endLine; at++) {
			const other = said(place.lines[at] ?? '', word, instead);
			if (other && other.argument === own.argument) edits.push({ at, remove: 1, insert: [other.text] });
		}
	}
	if (row.declares && !new RegExp(`\\b${/(\w+);$/.exec(row.declares)?.[1] ?? '\\s'}\\b`).test(fn.body.text)) edits.push({ at: fn.body.line, remove: 0, insert: [`\t${row.declares}`] });
	return edits;
}

/** `word(arguments)` by what stands in its place, with `$0` and on for them; a bare word by another one. */
function said(line: string, word: string, instead: string): { readonly text: string; readonly argument: string } | null {
	if (!instead.includes('(')) {
		const bare = new RegExp(`\\b${word}\\b`);
		return bare.test(line) ? { text: line.replace(bare, instead), argument: '' } : null;
	}
	const from = new RegExp(`\\b${word}\\s*\\(`).exec(line);
	if (!from) return null;
	const open = from.index + from[0].length;
	const args: string[] = [];
	let [depth, start, end] = [0, open, open];
	for (; end < line.length; end++) {
		const at = line[end];
		if (at === '(' || at === '[') depth++;
		else if ((at === ')' && depth === 0) || (at === ',' && depth === 0)) {
			args.push(line.slice(start, end).trim());
			start = end + 1;
			if (at === ')') break;
		} else if (at === ')' || at === ']') depth--;
	}
	if (line[end] !== ')') return null;
	const text = instead.replace(/\$(\d)/g, (_, index: string) => args[Number(index)] ?? '');
	return { text: `${line.slice(0, from.index)}${text}${line.slice(end + 1)}`, argument: args[0] ?? '' };
}

/** `$rcu` stands for the member by which the object is freed later, where its struct has one. */
function withRcuHead(edits: readonly LineEdit[], { after: { fn } }: Place, texts: readonly string[]): readonly LineEdit[] {
	return edits.map((edit) => ({ ...edit, insert: edit.insert.map((line) => line.replace(/(\w+\()([^,]*), \$rcu\)/, (_, call: string, argument: string) => {
		const name = rootOf(argument) ?? '';
		const struct = new RegExp(`struct\\s+(\\w+)\\s*\\*+\\s*${name}\\b`).exec(`${fn.params.map((param) => `${param.type} ${param.name}`).join(';')};${fn.body.text}`)?.[1];
		const body = struct === undefined ? undefined : texts.map((text) => new RegExp(`struct\\s+${struct}\\s*\\{([\\s\\S]*?)\\n\\}`).exec(text)?.[1]).find((found) => found !== undefined);
		return `${call}${argument}, ${/struct\s+rcu_head\s+(\w+)\s*;/.exec(body ?? '')?.[1] ?? 'rcu'})`;
	})) }));
}
