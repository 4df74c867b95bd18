import { parseType } from '../../lower/values/ctype';
import type { Definition } from '../../lower/sources';
import type { Side } from '../sides/side';

/** `a->b.c = f;`: what is assigned to, its last field, and the name. */
const ASSIGNMENT = /(?<![\w.>])([A-Za-z_]\w*)((?:\s*(?:->|\.)\s*\w+)*)\s*(?:->|\.)\s*(\w+)\s*=\s*&?\s*([A-Za-z_]\w*)\s*;/g;

/** Operations slots that statements fill with functions of these files: `g->dev.release = gannet_dev_release` fills `device.release`. */
export function assignedSlots(side: Side): readonly { readonly slot: string; readonly name: string }[] {
	return [...side.functions.values()].flatMap((definition) => [...definition.fn.body.text.matchAll(ASSIGNMENT)].flatMap(([, root = '', way = '', field = '', name = '']) => {
		if (!side.functions.has(name)) return [];
		const struct = structBehind(side, definition, root, way.match(/\w+/g) ?? []);
		return struct === null ? [] : [{ slot: `${struct}.${field}`, name }];
	}));
}

/** The struct that the fields lead to from a parameter, a local or a variable of the file; null where somebody on the way is not shown. */
function structBehind(side: Side, { fn }: Definition, root: string, fields: readonly string[]): string | null {
	const declared = fn.params.find(({ name }) => name === root)?.type ?? new RegExp(String.raw`\b(struct\s+\w+)\s+\**(?:\w+(?:\s*=[^,;]*)?,\s*\**)*${root}\b`).exec(fn.body.text)?.[1];
	let type = declared === undefined ? side.sources.global(root) ?? side.sources.conventional(root) : parseType(declared);
	for (const field of fields) {
		const members = type?.struct ? side.sources.oracle.struct(type.base)?.members : undefined;
		const member = members?.find(({ name }) => name === field);
		if (!member) return null;
		type = parseType(member.type);
	}
	return type?.struct ? type.base : null;
}
