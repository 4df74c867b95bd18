import type { CNode } from '../../parse/source';
import { type CType, isPointer, known } from '../values/ctype';
import { allocate } from '../effects/objects';
import { given } from './giver';
import type { Lowering } from '../lowering';
import type { Val } from '../values/value';

/** What a call returns of which nothing is known but its name: an object of its own where the code frees what comes of such calls. `site`: where it stands in its frame. */
export function handed(l: Lowering, name: string, site: string, type: CType, node: CNode): Val {
	const made = isPointer(type) && known(type) && !l.frame.file.modelled && l.facts.makers.has(name);
	return given(l, name, made ? allocate(l, type, node, true, undefined, 'other') : l.unknown(site, type));
}
