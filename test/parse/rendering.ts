import type { Image } from '../../analyzer/images/image';
import type { CNode, FunctionSource, ParsedSource } from '../../analyzer/parse';

/** Everything a parsed source tells, as text; bodies as statement trees. */
export function render(source: ParsedSource): string {
	const lines: string[] = [];
	for (const { line, condition } of source.conditionals) lines.push(`conditional line ${line}: kept ${condition || '(elided condition)'}`);
	for (const { name, params, value, line } of source.macros) lines.push(`macro ${name}${params === null ? '' : `(${params.join(', ')})`} = ${value}  line ${line}`);
	for (const [name, value] of source.enums) lines.push(`enumerator ${name} = ${value}`);
	for (const [name, type] of source.typedefs) lines.push(`typedef ${name} = ${type}`);
	for (const { kind, name, members, line } of source.structs) {
		lines.push(`${kind} ${name || '(no name)'}  line ${line}`);
		for (const member of members) lines.push(`  ${member.name}: ${member.type}${' *'.repeat(member.pointer)}${member.array ? ' []' : ''}`);
	}
	for (const { name, type, pointer, array, line, value } of source.globals) {
		lines.push(`global ${name}: ${type}${' *'.repeat(pointer)}${array ? ' []' : ''}  line ${line}${value === '' ? '' : ` = ${oneLine(value)}`}`);
	}
	for (const { struct, variable, field, value, line } of source.initialisers) lines.push(`${struct} ${variable}.${field} = ${oneLine(value)}  line ${line}`);
	for (const [name, { returns, params }] of source.prototypes) lines.push(`prototype ${returns} ${name}(${params.join(', ')})`);
	for (const { name, args } of source.rewritten.values()) lines.push(`rewritten ${name}(${args.map(({ text }) => oneLine(text)).join(' | ')})`);
	for (const each of source.functions) lines.push(...renderFunction(each));
	for (const { line, text } of source.errors) lines.push(`error line ${line}: ${oneLine(text)}`);
	return `${lines.join('\n')}\n`;
}

function renderFunction(source: FunctionSource): string[] {
	const flags = [
		source.headElided ? 'head elided' : '', source.tailElided ? 'tail elided' : '', source.gaps.length > 0 ? `gaps before ${source.gaps.join(', ')}` : '',
		source.named === '' ? '' : `named by ${source.named}`, source.broken ? 'broken' : '', source.alternative ? 'alternative' : '',
	].filter((flag) => flag !== '');
	const params = source.params.map(({ name, type }) => `${type} ${name}`.trim()).join(', ');
	const head = [...source.storage, source.returns, `${source.name || '(no name)'}(${params})`, ...source.annotations].join(' ');
	return [`function ${head}  lines ${source.line}-${source.endLine}${flags.length === 0 ? '' : `  [${flags.join('; ')}]`}`, ...renderStatements(source.body, 1)];
}

/** Deepest nesting that is printed. */
const MAX_DEPTH = 12;
const BLOCKS = new Set([
	'compound_statement', 'if_statement', 'else_clause', 'while_statement', 'for_statement', 'do_statement', 'switch_statement', 'case_statement',
	'labeled_statement',
]);

function renderStatements(node: CNode, depth: number): string[] {
	const lines: string[] = [];
	for (const child of node.named) {
		const indent = '  '.repeat(depth);
		if (BLOCKS.has(child.type) && depth < MAX_DEPTH) {
			if (child.type !== 'compound_statement') lines.push(`${indent}${child.synthetic ? 'inserted ' : ''}${child.type}  line ${child.line}`);
			else if (child.synthetic) lines.push(`${indent}inserted block`);
			lines.push(...renderStatements(child, depth + (child.type === 'compound_statement' && !child.synthetic ? 0 : 1)));
		} else {
			lines.push(`${indent}${child.synthetic ? 'inserted ' : ''}${child.type}${child.synthetic ? '' : `  ${oneLine(child.text)}`}`);
		}
	}
	return lines;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ').trim();
}

/** Hunks as text: a line `@@ FIRST-LINE @@ section` begins each, `+` in front of a line marks it changed. */
export function imageOf(text: string): Image {
	const shown: string[] = [];
	const fileLines: number[] = [];
	const changed: boolean[] = [];
	const hunks: { line: number; section: string; input: number }[] = [];
	let fileLine = 0;
	for (const line of text.replace(/\n$/, '').split('\n')) {
		const header = /^@@ (\d+) @@ ?(.*)$/.exec(line);
		if (header !== null) {
			fileLine = Number(header[1]);
			hunks.push({ line: shown.length + 1, section: header[2]!, input: 0 });
			continue;
		}
		shown.push(line.slice(1));
		changed.push(line.startsWith('+'));
		fileLines.push(fileLine === 0 ? 0 : fileLine++);
	}
	return {
		path: 'x.c', side: 'post', completeness: 'fragments', text: `${shown.join('\n')}\n`, fileLines, inputLines: fileLines.map(() => 0),
		columns: fileLines.map(() => 0), changed, gaps: hunks.slice(1).map(({ line }) => line), found: 'hunks only', hunks,
	};
}
