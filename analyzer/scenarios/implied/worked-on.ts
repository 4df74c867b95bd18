import { isNamed, type Namings } from '../../knowledge/namings';
import type { Digests } from '../digests/digests';
import type { Fact } from '../digests/digest';
import type { Work } from '../digests/discipline';
import type { Definition } from '../../lower/sources';
import type { Point } from './sections';
import { escaped } from './sites';

/** What a statement works on. */
export interface Worked extends Work {
	/** A call that neither these files nor the table tells of. */
	readonly far: boolean;
}

/** Fields that the statement uses, written ones first, functions of the files that it calls with what those use, and a call that it is and that nobody here tells of. */
export function workedOn(table: Namings, { fn }: Definition, digests: Digests, { node }: Point): readonly Worked[] {
	const isField = (key: string): boolean => isMember(key) || (key.startsWith('.') && isOfFileScope(fn, node.text, key.slice(1)));
	const end = node.type === 'if_statement' ? (node.field('condition')?.endLine ?? node.line) : node.endLine;
	const here = digests.factsOf(fn.name).filter(({ line }) => line >= node.line && line <= end);
	const work = (what: string, writes: boolean, more: Partial<Worked> = {}): Worked => ({ what, writes, far: false, ...more });
	const own = here.flatMap(({ kind, key }): readonly Worked[] => ((kind === 'read' || kind === 'write') && isField(key) ? [work(key, kind === 'write', { updates: kind === 'write' && updates(node.text, key) })] : []));
	const called = here.filter(({ kind }) => kind === 'call').flatMap(({ key }): readonly Worked[] => {
		const { reads, writes } = digests.of(key);
		const through = [...[...writes].map((what) => work(what, true)), ...[...reads].filter((what) => !writes.has(what)).map((what) => work(what, false))];
		return [work(`${key}()`, true), ...through.filter(({ what }) => isField(what))];
	});
	const far = FAR_CALL.exec(node.text)?.[1] ?? '';
	const asked = here.some(({ kind, key }: Fact) => kind === 'far-call' && key === far) && !isNamed(table, 'only-tells', far) ? [work(`${far}()`, true, { far: true })] : [];
	return [...own.filter(({ writes }) => writes), ...own.filter(({ writes }) => !writes), ...called, ...asked];
}

/** A statement that is a call, whatever becomes of its result. */
const FAR_CALL = /^(?:(?:err|error|ret|retval|rc|rv|res|result|status)\s*=\s*)?([A-Za-z_]\w*)\s*\(/;

/** What the field becomes is made of what it was. */
function updates(text: string, key: string): boolean {
	const member = escaped(key.slice(key.lastIndexOf('.') + 1));
	const [, place = '', by = '', from = ''] = new RegExp(`^\\s*([^=;(]*\\b${member}(?:\\[[^\\]]*\\])*)\\s*([-+|&^]|<<|>>)?(?:=(?!=)([^;]*)|\\+\\+|--);`).exec(text) ?? [];
	return place !== '' && (by !== '' || from === '' || from.includes(place.trim()));
}

const isMember = (key: string): boolean => /^[\w:]+\.\w+$/.test(key) && !OF_LOCKING.test(key);
const OF_LOCKING = /(^|_|\.)(lock|mutex|sem|rwsem)$/;

/** The field as it is told: of a struct without a name, by its variable. */
export const namedField = (text: string, what: string): string => (what.startsWith('.') ? (new RegExp(`(\\w+)\\s*\\.\\s*${escaped(what.slice(1))}\\b`).exec(text)?.[1] ?? '') : '') + what;

/** The member is one of a variable that the function does not declare itself: a struct without a name at file scope. */
const isOfFileScope = (fn: Definition['fn'], text: string, member: string): boolean => !OF_LOCKING.test(member)
	&& [...text.matchAll(new RegExp(`(?<![\\w.>])(\\w+)\\s*\\.\\s*${escaped(member)}\\b`, 'g'))].some(([, name = '']) => !declares(fn, name));
const declares = ({ params, body }: Definition['fn'], name: string): boolean => params.some((each) => each.name === name) || new RegExp(`\\b\\w+[\\s*]+(?:\\w+\\s*,\\s*)*${escaped(name)}\\s*[;,=[]`).test(body.text);
