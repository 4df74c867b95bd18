import { ANNOTATION_CALLS } from '../prepass/words';

/** What a hunk header's section says the hunk's first line stands in. */
export type SectionKind = 'function' | 'record' | 'enum' | 'initialiser' | 'label' | 'none';

export interface Section {
	readonly kind: SectionKind;
	/** Of the function, struct or variable; `''` where it is not told. */
	readonly name: string;
	/** Text that opens what it names, up to and with the brace; `''` for labels and none. */
	readonly opener: string;
}

const NONE: Section = { kind: 'none', name: '', opener: '' };
/** A section longer than this is no C. */
const MAX_SECTION = 400;
/** A section shorter than this was not cut: `diff -p` shows forty columns, and the line's end may have been a blank. */
const CUT_NAME = 36;
const NOT_FUNCTIONS = /^(?:if|for|while|switch|return|sizeof|do|else|case|goto|MODULE_\w+|EXPORT_\w+|DEFINE_\w+|DECLARE_\w+|LIST_HEAD|\w*_initcall\w*|module_(?:init|exit|param\w*)|__setup|early_param|TRACE_EVENT\w*)$/;

/** Reads a section as it stands behind the second `@@`: it may be cut anywhere at its end. */
export function readSection(section: string): Section {
	const text = section.replace(/\/\*.*?(?:\*\/|$)/g, ' ').replace(/\/\/.*$/, ' ').replace(/\s+/g, ' ').trim();
	// A prototype in a header is no place to be in.
	if (text === '' || text.length > MAX_SECTION || text.endsWith(';')) return NONE;
	if (/^[A-Za-z_]\w*\s*:(?!:)/.test(text) && !/^default\b/.test(text)) return { kind: 'label', name: text.slice(0, text.indexOf(':')).trim(), opener: '' };
	const bare = text.replace(/\b__[a-z]\w*(?: ?\([^()]*\))?/g, '').replace(/ +/g, ' ');
	const equals = bare.indexOf('=');
	if (equals >= 0) {
		const declared = bare.slice(0, equals).replace(/\[[^\]]*\]/g, '').trimEnd();
		const name = /[A-Za-z_]\w*$/.exec(declared)?.[0];
		if (name !== undefined && !declared.includes('(')) return { kind: 'initialiser', name, opener: `${bare.slice(0, equals + 1)} {` };
	}
	const record = /^(?:(?:typedef|static|const) )*(struct|union|enum)(?: ([A-Za-z_]\w*))? ?\{$/.exec(bare);
	if (record !== null) {
		const kind = record[1] === 'enum' ? 'enum' : 'record';
		return { kind, name: record[2] ?? '', opener: `${record[1]} ${record[2] ?? ''} {` };
	}
	return readFunctionSection(text);
}

function readFunctionSection(section: string): Section {
	const text = section.replace(/\b__[a-z]\w* ?\([^()]*\) ?(?=[^(]*\()/g, '');
	const open = text.indexOf('(');
	if (open < 0) return cutName(text);
	const macro = /^(?:static\s+|asmlinkage\s+)*(\w*SYSCALL\w*_DEFINE\w*|BPF_CALL_\w+)\s*\(\s*(\w+)/.exec(text);
	const head = text.slice(0, open).trimEnd();
	const name = macro?.[2] ?? /([A-Za-z_]\w*)$/.exec(head)?.[1] ?? '';
	if (name === '' || ANNOTATION_CALLS.has(name) || NOT_FUNCTIONS.test(name) || /[;={}"]/.test(head)) return NONE;
	// `static int (*foo` and calls without a type are no definitions, but a macro's are.
	const opener = `${completeParameters(text, open)} {`;
	const typed = /[\w*]\s+\**\s*[A-Za-z_]\w*$|\*\s*[A-Za-z_]\w*$/.test(head);
	return { kind: 'function', name: macro === null ? name : macroName(macro[1]!, name), opener: typed || macro !== null ? opener : `void ${opener}` };
}

/** Words that a definition begins with and that are no name yet. */
const TYPE_WORDS = /^(?:static|inline|extern|const|volatile|unsigned|signed|void|int|long|short|char|bool|struct|union|enum|noinline|asmlinkage|STATIC|[us](?:8|16|32|64)|\w+_t)$/;

/** The section is cut within the function's name, as `diff -p` does after forty columns. */
function cutName(text: string): Section {
	const [, before = '', name = ''] = /^((?:[A-Za-z_]\w* +)*[A-Za-z_]\w*(?: *\*+ *| +))([A-Za-z_]\w*)$/.exec(text) ?? [];
	const words = before.replace(/\*/g, ' ').trim().split(/ +/);
	// `struct foo` alone is a type.
	if (name === '' || text.length < CUT_NAME || TYPE_WORDS.test(name) || /^(?:struct|union|enum)$/.test(words.at(-1) ?? '') || words.some((word) => NOT_FUNCTIONS.test(word))) return NONE;
	return { kind: 'function', name, opener: `${text}(void) {` };
}

function macroName(macro: string, name: string): string {
	if (!macro.includes('SYSCALL')) return name;
	return macro.startsWith('COMPAT') ? `compat_sys_${name}` : `sys_${name}`;
}

/** The head with its parameter list closed; a parameter that was cut goes, unless its name is there. */
function completeParameters(text: string, open: number): string {
	let depth = 0;
	for (let at = open; at < text.length; at++) {
		const unit = text[at];
		if (unit === '(') depth++;
		else if (unit === ')' && --depth === 0) return text.slice(0, at + 1);
	}
	const comma = lastComma(text, open);
	return `${text.slice(0, comma < 0 ? open + 1 : comma)})`;
}

/** The comma that ends the last whole parameter. */
function lastComma(text: string, open: number): number {
	let depth = 0;
	let comma = -1;
	for (let at = open; at < text.length; at++) {
		const unit = text[at];
		if (unit === '(') depth++;
		else if (unit === ')') depth--;
		else if (unit === ',' && depth === 1) comma = at;
	}
	return comma;
}
